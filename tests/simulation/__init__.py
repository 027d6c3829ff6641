"""Thousands of random commands against a faulty world, from a seed; then the laws must hold."""
