"""Which goods something is about, which exclusions a product falls under, and what its buyer would have to confirm."""

from collections.abc import Iterable

from dingdan.areas.policies.granting_parts import AppliesTo, Condition
from dingdan.areas.policies.model import Confirmation, PolicyDocument

# Where the law itself lists what is excluded; elsewhere it is the shop that does.
LISTED_BY_LAW = frozenset({"CN", "EU", "GB"})


class Wares:
    """A product as policies see it: its flags and the words of its category path, and whether its seal is broken."""

    def __init__(self, flags: Iterable[str], category: str = "", *, is_unsealed: bool = False) -> None:
        self._flags, self._words = frozenset(flags), frozenset(category.casefold().split("/"))
        self._is_unsealed = is_unsealed

    def are(self, to: AppliesTo | None) -> bool:
        """Whether something that is about these is about this product."""
        if to is None:
            return False
        if not (self._flags.isdisjoint(to.flags) and self._words.isdisjoint(to.categories)):
            return True
        return self._is_unsealed and not (self._flags | self._words).isdisjoint(to.once_unsealed)


def exclusions(
    document: PolicyDocument, flags: Iterable[str], category: str = "", *, is_unsealed: bool = False
) -> tuple[str, ...]:
    """The exclusion codes that a product falls under, in the document's order: first those by law."""
    goods = Wares(flags, category, is_unsealed=is_unsealed)
    codes = (*document.no_reason.excluded, *document.no_reason.excludable_with_confirmation)
    return tuple(code for code in codes if goods.are(document.applies_to.get(code)))


def excluded_by_law(
    document: PolicyDocument, category: str, flags: Iterable[str], *, is_unsealed: bool = False
) -> str | None:
    """The exclusion that takes no confirmation, if there is one (CPL 25(1), Measures 6; CRD 16; reg. 28)."""
    return _first(document.no_reason.excluded, exclusions(document, flags, category, is_unsealed=is_unsealed))


def excluded_once_unsealed(document: PolicyDocument, category: str, flags: Iterable[str]) -> str | None:
    """The exclusion that a product falls under when its seal is broken, if it falls under none before."""
    if excluded_by_law(document, category, flags):
        return None
    return excluded_by_law(document, category, flags, is_unsealed=True)


def confirmation_needed(document: PolicyDocument, category: str, flags: Iterable[str]) -> str | None:
    """The exclusion that holds only if the buyer confirms it for this purchase (Measures 7, 20).

    None if there is none, or if the law excludes the product anyway.
    """
    if excluded_by_law(document, category, flags):
        return None
    return _first(document.no_reason.excludable_with_confirmation, exclusions(document, flags, category))


def _first(wanted: tuple[str, ...], found: tuple[str, ...]) -> str | None:
    return next((code for code in found if code in wanted), None)


def confirmation(document: PolicyDocument, code: str) -> Confirmation:
    """The words that a buyer confirms for an exclusion. Raises KeyError for one that takes no confirmation."""
    return document.confirmations[code]


def text_version(document: PolicyDocument, code: str) -> str:
    """How an order line writes down which words were confirmed: `CN_OPT_HYGIENE:1`."""
    return f"{code}:{document.confirmations[code].version}"


def conditions_of(document: PolicyDocument, goods: Wares, reason: str) -> tuple[Condition, ...]:
    """The rows of the table of goods and reasons that a product falls under for a reason."""
    kind = document.reasons[reason].kind
    return tuple(
        one
        for one in document.conditions
        if (one.goods == AppliesTo() or goods.are(one.goods))
        and (not (one.reasons or one.kinds) or reason in one.reasons or kind in one.kinds)
    )
