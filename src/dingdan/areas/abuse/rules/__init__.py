"""Pure decisions about signs of abuse."""
