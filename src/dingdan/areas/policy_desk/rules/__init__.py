"""The pure part: a policy in plain words, and what another policy would have made of a return."""
