"""Pure decisions about second looks."""
