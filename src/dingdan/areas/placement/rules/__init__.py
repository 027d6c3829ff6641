"""Pure decisions about baskets: what they are made of, what is wrong with them, and what would cure it."""
