"""Whether a box can be what it is said to be: its weight and the numbers of its pieces."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from dingdan.areas.packing.model import Serial
from dingdan.areas.packing.refusals import SerialsDiffer, SerialTwice, WeightDiffers
from dingdan.kernel.refusal import Refusal

# A product with this flag has a number on each piece.
NUMBERED = "numbered"
MAX_SERIAL = 64

# Goods vary by this much; cartons and filling come on top.
LESS_PERCENT, LESS_GRAMS = 5, 20
MORE_PERCENT, MORE_GRAMS = 20, 600


def expected_grams(pieces: Mapping[str, int], weights: Mapping[str, int]) -> int | None:
    """What the goods of a box weigh together; None where the weight of any of them is not known."""
    if not pieces or any(weights.get(sku, 0) <= 0 for sku in pieces):
        return None
    return sum(weights[sku] * count for sku, count in pieces.items())


def weight_fits(expected: int | None, grams: int | None) -> bool:
    """Whether a weighed box can hold just its goods and a carton; what nobody weighed or knows always can."""
    if expected is None or grams is None:
        return True
    least = expected * (100 - LESS_PERCENT) // 100 - LESS_GRAMS
    most = expected * (100 + MORE_PERCENT) // 100 + MORE_GRAMS
    return least <= grams <= most


def problems_of_box(
    pieces: Mapping[str, int],
    numbered: Collection[str],
    serials: Sequence[Serial],
    *,
    expected: int | None,
    grams: int | None,
    is_weight_confirmed: bool,
) -> list[Refusal]:
    """What does not fit about weight and serials; `pieces` is {SKU: how many}, `numbered` who needs serials."""
    problems: list[Refusal] = []
    if not is_weight_confirmed and not weight_fits(expected, grams):
        problems.append(WeightDiffers("weight_grams", grams=grams, expected=expected))
    given = Counter(one.sku for one in serials)
    for sku in sorted({*given, *(sku for sku in pieces if sku in numbered)}):
        wanted = pieces.get(sku, 0) if sku in numbered else 0
        if given[sku] != wanted:
            problems.append(SerialsDiffer("serials", sku=sku, given=given[sku], wanted=wanted))
    seen: set[tuple[str, str]] = set()
    for place, one in enumerate(serials):
        key = (one.sku, tidy_serial(one.serial))
        if key in seen or not key[1] or len(key[1]) > MAX_SERIAL:
            problems.append(SerialTwice(f"serials[{place}].serial", serial=one.serial[:MAX_SERIAL]))
        seen.add(key)
    return problems


def tidy_serial(serial: str) -> str:
    """A serial as it is stored: capitals without blanks."""
    return "".join(serial.replace("\0", "").split()).upper()
