"""Pure decisions about repairs."""
