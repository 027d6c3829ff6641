"""The pure part of inventory."""
