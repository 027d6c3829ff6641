"""Words: pure values that every other room speaks in. Nothing here waits, reads a clock or touches a disk."""
