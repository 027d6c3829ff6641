"""Reads across areas: plain SQL, read-only, for screens, lists and proofs."""
