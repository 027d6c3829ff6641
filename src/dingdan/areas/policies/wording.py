"""What every part of a policy document is made of: words in two languages, the rules they rest on, where those stand."""

from typing import Literal

import msgspec

Fault = Literal["buyer", "seller", "none", "review"]
ReasonKind = Literal[
    "no_reason", "quality", "description", "fulfilment", "transport", "legal", "price", "gift", "invoice", "refusal",
    "other",
]  # fmt: skip


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The base of every part. What is at its default is not written, so a new optional field changes no old hash.

    A field called `rule`, or whose name ends in `_rule`, names a rule of the document; a part's words stand in both
    languages. Both are looked at wherever a part stands.
    """


class Words(Part, frozen=True):
    """The same words in English and Chinese."""

    en: str
    zh: str


class Source(Part, frozen=True):
    """A text that rules cite by its short name, and when somebody last looked at it."""

    short: str
    title: str
    checked_on: str
    url: str = ""


class Rule(Part, frozen=True):
    """One rule: where it stands and what it says. Verdicts name rules by id."""

    article: str
    en: str
    zh: str
