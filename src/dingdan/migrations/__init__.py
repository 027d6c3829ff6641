"""The database's history, carried in the wheel."""
