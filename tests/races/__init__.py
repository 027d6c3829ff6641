"""Everything that is limited, and many who want it at once."""
