"""The pure part: what a policy says about a line, and whether a document may be published at all."""
