"""Pure decisions about carriage."""
