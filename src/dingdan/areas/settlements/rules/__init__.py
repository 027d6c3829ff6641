"""The pure part of settling: what is owed for an order, when periods are, and what may be paid out."""
