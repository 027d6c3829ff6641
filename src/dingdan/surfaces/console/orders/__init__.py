"""Desks of orders: all of them, what needs a second look, what went wrong, parcels, and what is over."""
