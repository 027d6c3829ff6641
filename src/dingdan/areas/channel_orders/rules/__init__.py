"""The pure part of channels: what an order of a channel comes to, what does not fit, and what is told back."""
