"""Business. Each area has one face, its own tables and a place in the order of areas."""
