"""Which exclusions a product falls under, and what its buyer would have to confirm."""

from collections.abc import Iterable

from dingdan.areas.policies.granting_parts import AppliesTo, Freight
from dingdan.areas.policies.model import Confirmation, PolicyDocument


def exclusions(document: PolicyDocument, flags: Iterable[str], category: str = "") -> tuple[str, ...]:
    """The exclusion codes that a product falls under, in the document's order: first those by law."""
    flags, words = frozenset(flags), frozenset(category.casefold().split("/"))
    codes = (*document.no_reason.excluded, *document.no_reason.excludable_with_confirmation)
    return tuple(code for code in codes if _applies(document.applies_to.get(code), flags, words))


def _applies(to: AppliesTo | None, flags: frozenset[str], words: frozenset[str]) -> bool:
    return to is not None and not (flags.isdisjoint(to.flags) and words.isdisjoint(to.categories))


def excluded_by_law(document: PolicyDocument, category: str, flags: Iterable[str]) -> str | None:
    """The exclusion that takes no confirmation, if there is one (CPL 25(1), Measures 6)."""
    return _first(document.no_reason.excluded, exclusions(document, flags, category))


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


def freight_for(document: PolicyDocument, fault: str) -> Freight:
    """Who pays which way, by whose fault it turned out to be; anybody but the seller counts as no reason."""
    return document.quality.freight if fault == "seller" else document.no_reason.freight
