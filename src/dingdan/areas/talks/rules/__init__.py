"""Pure decisions about what is said of returns."""
