"""Rates and what they are worth: between which bounds the true one lies, after so many samples."""

from math import sqrt

# 95 percent confidence.
_Z = 1.96


def wilson(hits: int, samples: int, *, z: float = _Z) -> tuple[float, float]:
    """Between which rates the true one lies, with 95 percent confidence; anything where there are no samples.

    The bounds are Wilson's (J. Am. Stat. Assoc. 22, 1927), which say little where there is little to go by.
    """
    if not samples:
        return 0.0, 1.0
    seen, square = hits / samples, z * z
    middle = (seen + square / (2 * samples)) / (1 + square / samples)
    reach = z / (1 + square / samples) * sqrt(seen * (1 - seen) / samples + square / (4 * samples * samples))
    return max(0.0, middle - reach), min(1.0, middle + reach)
