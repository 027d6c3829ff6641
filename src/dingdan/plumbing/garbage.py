"""When a long-lived process looks for garbage: seldom, and never among what stays."""

import gc

# So many new objects before the youngest are looked at. A batch of orders makes some ten thousand that all live until
# its end; at Python's own 700 they would be walked through again and again while it is made.
YOUNG, MIDDLE, OLD = 50_000, 20, 20


def settle() -> None:
    """What there is now stays for good (code, tables of the law, addresses) and is left out of every later look."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
