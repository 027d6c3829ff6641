"""The invariants: each one is silent on a sound database and speaks on a broken one."""
