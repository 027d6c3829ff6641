"""Pure decisions of the way."""
