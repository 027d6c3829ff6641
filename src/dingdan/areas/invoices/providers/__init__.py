"""Who issues invoices: the tax office's systems that are plugged in."""

from collections.abc import Sequence
from typing import Protocol

from dingdan.areas.invoices.model import IssueAnswer, Paper
from dingdan.areas.invoices.providers.sandbox import Sandbox
from dingdan.plumbing.database import Database


class Issuer(Protocol):
    """A system that issues invoices and credit notes. It knows our ids: asked again it says the same."""

    async def issue(self, papers: Sequence[Paper]) -> list[IssueAnswer]:
        """An answer for each paper. Raises Outage where there is none at all: then nobody knows what was done."""


def find(db: Database, name: str) -> Issuer | None:
    """The system of this name as this house is set up; None where there is none."""
    return Sandbox(db) if name == "sandbox" and db.sandbox else None
