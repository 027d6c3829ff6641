"""The talking with the tax office's systems: papers out, answers in. Runs outside every transaction."""

from typing import Any

from dingdan.areas.invoices import providers
from dingdan.areas.invoices.issuing import papers, record
from dingdan.areas.invoices.model import IssueAnswer, IssueOutcome, Paper
from dingdan.areas.invoices.providers.sandbox import InvoiceFault as InvoiceFault
from dingdan.areas.invoices.providers.sandbox import issued_papers as issued_papers
from dingdan.areas.invoices.providers.sandbox import order_invoice_fault as order_invoice_fault
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.http import Outage, outside
from dingdan.plumbing.telemetry import log


async def issue(db: Database, payload: Any) -> None:
    """Have papers issued that are not yet, one by one, and take in what is said of each before the next."""
    async with db.reading(SYSTEM) as tx:
        waiting = await papers(tx, payload["invoice_ids"])
    for paper in waiting:
        await do(db, SYSTEM, record, [await _issue(db, paper)])


async def _issue(db: Database, paper: Paper) -> IssueAnswer:
    issuer = providers.find(db, paper.seller.provider)
    if issuer is None:
        return IssueAnswer(invoice_id=paper.invoice_id, outcome=IssueOutcome.REFUSED, failure="provider_unavailable")
    try:
        async with outside("tax_office"):
            (answer,) = await issuer.issue([paper])
    except Outage as outage:
        log.warning("the tax office does not answer", invoice_id=paper.invoice_id, error=str(outage))
        return IssueAnswer(invoice_id=paper.invoice_id, outcome=IssueOutcome.UNKNOWN, failure="no_answer")
    return answer
