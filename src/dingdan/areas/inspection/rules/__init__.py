"""Pure decisions about what an inspector found."""
