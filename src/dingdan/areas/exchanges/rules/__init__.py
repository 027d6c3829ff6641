"""Pure decisions about exchanges."""
