"""Calendars as they should be: every change a version of its own."""

from dingdan.areas.clocks import rules, store
from dingdan.areas.clocks.events import CalendarSaved
from dingdan.areas.clocks.model import SavedCalendar
from dingdan.kernel.refusal import refuse_all
from dingdan.kernel.working import CalendarTerms
from dingdan.plumbing.deadlines import REGISTRY
from dingdan.plumbing.tx import Tx


async def save_calendar(tx: Tx, merchant_id: int | None, terms: CalendarTerms) -> SavedCalendar:
    """Write the next version of a merchant's calendar (None: the platform's); what is so already is left alone.

    It counts for what is promised from now on: deadlines that run already stay where they are. Raises everything that
    is wrong at once.
    """
    refuse_all(rules.problems_of_calendar(terms, may_count=counted_kinds()))
    await store.lock_calendar(tx, merchant_id)
    held = await store.versions(tx, merchant_id, 1)
    if held and held[0].terms == terms:
        return held[0]
    saved = await store.add_calendar(tx, merchant_id, held[0].version + 1 if held else 1, terms)
    tx.announce(CalendarSaved(subject_id=saved.id, merchant_id=merchant_id, version=saved.version))
    return saved


def counted_kinds() -> frozenset[str]:
    """The kinds of promises that a calendar may count; all others are the law's or the machine's own."""
    return frozenset(name for name, kind in REGISTRY.items() if kind.counts == "service")
