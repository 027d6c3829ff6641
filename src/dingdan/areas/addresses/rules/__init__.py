"""Pure decisions about addresses; the tables of places are loaded when the first address is looked at."""
