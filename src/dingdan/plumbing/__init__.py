"""Pipes: all input and output that knows no business."""
