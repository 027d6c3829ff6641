"""Desks of whoever looks after the rest: figures, carriers, signs of abuse, people, developers, the log."""
