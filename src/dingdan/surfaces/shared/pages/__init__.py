"""Pages: what console and portal are made of. Screens are data that a few templates draw, in both languages."""
