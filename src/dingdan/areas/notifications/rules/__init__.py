"""Pure decisions about what is confirmed, what must be in it, and which way it goes."""
