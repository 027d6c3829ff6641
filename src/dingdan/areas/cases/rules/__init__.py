"""The pure part of cases: who owns them, who may grant what, what can be done, and what it comes to."""
