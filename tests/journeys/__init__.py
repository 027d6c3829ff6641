"""A person's story, through the doors."""
