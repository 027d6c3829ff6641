"""What happens when something is killed, taken away, crowded or held."""
