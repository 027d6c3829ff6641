"""Pure decisions about what may become of goods that came back."""
