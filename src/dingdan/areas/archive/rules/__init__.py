"""Pure decisions about bundles: what goes into one, whether it is still what it was, and how it reads."""
