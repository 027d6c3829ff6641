"""A tax office that lives in a schema of its own, with its own books, and that can be told to fail."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from dingdan.areas.invoices.model import InvoiceKind, IssueAnswer, IssueOutcome, Paper
from dingdan.plumbing.database import Database
from dingdan.plumbing.http import Outage


class InvoiceFault(StrEnum):
    """What it can be told to do with the next papers."""

    DOWN = "down"
    """Nothing is done, and there is no answer."""
    REFUSE = "refuse"
    """It says no."""
    LOSE_ANSWER = "lose_answer"
    """It is done, and the answer never arrives."""


class Sandbox:
    """The adapter. A paper that it knows already is not issued again: the answer is that of the first time."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def issue(self, papers: Sequence[Paper]) -> list[IssueAnswer]:
        """Pretend to issue; each paper for itself, so that a fault strikes one."""
        return [await self._one(paper) for paper in papers]

    async def _one(self, paper: Paper) -> IssueAnswer:
        async with self._db.connection() as connection:
            fault = await _draw(connection, paper)
            if fault is InvoiceFault.DOWN:
                raise Outage("the sandbox tax office is down")
            why = _objection(paper) or ("declined" if fault is InvoiceFault.REFUSE else "")
            if why:
                return IssueAnswer(invoice_id=paper.invoice_id, outcome=IssueOutcome.REFUSED, failure=why)
            await connection.execute(
                """
                INSERT INTO sandbox_tax.papers (number, kind, corrects, currency, tax, total, issued_at)
                VALUES ($1, $2, $3, $4, $5, $6, dingdan_now()) ON CONFLICT (number) DO NOTHING
                """,
                paper.invoice_id,
                str(paper.kind),
                paper.corrects_ref,
                paper.currency,
                paper.tax,
                paper.total,
            )
            ref = await connection.fetchval("SELECT ref FROM sandbox_tax.papers WHERE number = $1", paper.invoice_id)
        if fault is InvoiceFault.LOSE_ANSWER:
            return IssueAnswer(invoice_id=paper.invoice_id, outcome=IssueOutcome.UNKNOWN, failure="timed_out")
        return IssueAnswer(invoice_id=paper.invoice_id, outcome=IssueOutcome.ISSUED, provider_ref=ref)


def _objection(paper: Paper) -> str:
    """What a tax office would not take."""
    if paper.title is None:
        return "title_missing"
    if paper.kind is InvoiceKind.CREDIT_NOTE and paper.corrects_ref is None:
        return "original_unknown"
    return ""


async def order_invoice_fault(
    db: Database, kind: InvoiceFault | str, *, number: int | None = None, times: int = 1
) -> None:
    """Let the next `times` papers go wrong; one of our ids only, if it is named."""
    async with db.connection() as connection:
        await connection.execute(
            "INSERT INTO sandbox_tax.faults (number, kind, remaining) VALUES ($1, $2, $3)",
            number,
            str(InvoiceFault(kind)),
            times,
        )


async def issued_papers(db: Database) -> list[tuple[int, str, int]]:
    """What the tax office has in its books, oldest first: (our id, kind, total)."""
    async with db.connection() as connection:
        rows = await connection.fetch("SELECT number, kind, total FROM sandbox_tax.papers ORDER BY number")
    return [(row["number"], row["kind"], row["total"]) for row in rows]


async def _draw(connection: Any, paper: Paper) -> InvoiceFault | None:
    """The fault that strikes now, used up as it strikes."""
    kind = await connection.fetchval(
        """
        UPDATE sandbox_tax.faults SET remaining = remaining - 1 WHERE id = (
            SELECT id FROM sandbox_tax.faults WHERE remaining > 0 AND (number IS NULL OR number = $1)
            ORDER BY id LIMIT 1 FOR UPDATE
        ) RETURNING kind
        """,
        paper.invoice_id,
    )
    return None if kind is None else InvoiceFault(kind)
