"""Pure decisions about goods coming back."""
