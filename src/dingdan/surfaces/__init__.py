"""Doors. They translate; they do not decide."""
