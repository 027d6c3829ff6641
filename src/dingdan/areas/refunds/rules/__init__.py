"""The pure part of refunds: how much, through which payments, and who signs."""
