"""Whose tax it is and how much: by where the goods go, the category and the day; what prices froze is never reckoned anew."""

from collections.abc import Mapping, Sequence
from datetime import date

from dingdan.areas.invoices.model import EVERY, CountryRates, Seller

EU = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT",
    "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
Table = Mapping[str, Sequence[CountryRates]]


def country_of_tax(seller: Seller, destination: str) -> str:
    """The country whose tax a sale bears; "" where none does, because the goods leave for a third country.

    Inside the Union a seller who is not registered where the goods go taxes them at home (VAT Directive art. 59c).
    """
    if not destination or destination == seller.country or destination in seller.registrations:
        return destination or seller.country
    return seller.country if {destination, seller.country} <= EU else ""


def rate(table: Table, seller: Seller, country: str, category: str, day: date) -> int:
    """The rate in hundredths of a percent: the seller's own at home, else the country's on that day; 0 where it has none."""
    if not country:
        return 0
    own = seller.rates if country == seller.country else {}
    held = [one for one in table.get(country, ()) if one.since <= day]
    reduced = own or (held[-1].reduced if held else {})
    fitting = [one for one in reduced if category == one or category.startswith(f"{one}/")]
    if fitting:
        return reduced[max(fitting, key=len)]
    return own[EVERY] if EVERY in own else held[-1].standard if held else 0


def included(gross: int, basis_points: int) -> int:
    """The tax that is in a price: what is left when the price without it, rounded half up, is taken off."""
    whole = 10_000 + basis_points
    return gross - (2 * gross * 10_000 + whole) // (2 * whole)


def rate_of(tax: int, net: int, likely: int) -> int:
    """By which rate a frozen tax came about: the likely one if it gives just that, else what it comes to."""
    if (2 * net * likely + 10_000) // 20_000 == tax or included(net + tax, likely) == tax:
        return likely
    return (2 * tax * 10_000 + net) // (2 * net) if net else 0
