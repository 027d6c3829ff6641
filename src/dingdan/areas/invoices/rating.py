"""The rates of VAT that ship with the program, by country."""

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from dingdan.areas.invoices.model import CountryRates
from dingdan.areas.invoices.rules.taxing import Table


@cache
def shipped() -> Table:
    """Every country's rates, the oldest first."""
    text = (files("dingdan.areas.invoices") / "packs" / "vat.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, tuple[CountryRates, ...]])
