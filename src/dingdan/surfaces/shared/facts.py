"""Facts as others read them: ids in their written form, who acted, what moved from where to where."""

from datetime import datetime
from typing import Any

from dingdan.kernel import ids
from dingdan.overviews import timeline
from dingdan.plumbing import outbox
from dingdan.surfaces.shared.wire import View, ref, ref_or_none

# What a refund's cause is an id of.
# What the id of each cause of a refund is of; a channel's latest word has no other name than the refund.
CAUSES = {
    "return": "return", "cancellation": "order", "amendment": "amendment", "excess": "capture", "channel": "refund",
    "case": "remedy", "penalty": "order", "kept": "goods", "customs": "customs_return", "exchange": "exchange",
    "unsent": "exchange", "withheld": "return", "rest": "return",
}  # fmt: skip


class Who(View, frozen=True, kw_only=True):
    """Who acted; `id` is null for the system and for carriers and providers."""

    kind: str
    id: str | None


class FactView(View, frozen=True, kw_only=True, rename={"from_": "from"}):
    """One fact. `kind` is its stable name; `from` and `to` are the step of the lifecycle `machine`, if it is one."""

    id: str
    at: datetime
    kind: str
    subject: str
    subject_id: str
    who: Who
    machine: str | None
    from_: str | None
    to: str | None
    rule: str | None
    data: dict[str, Any]


class EventView(View, frozen=True, kw_only=True, rename={"from_": "from"}):
    """One fact of the feed, with what it hangs on."""

    id: str
    at: datetime
    kind: str
    subject: str
    subject_id: str
    order_id: str | None
    merchant: str | None
    who: Who
    machine: str | None
    from_: str | None
    to: str | None
    rule: str | None
    correlation: str
    data: dict[str, Any]


def of_timeline(entry: timeline.Entry) -> FactView:
    """An entry of a story."""
    return FactView(
        id=ref("fact", entry.id), at=entry.at, kind=entry.wire, subject=entry.subject,
        subject_id=_id(entry.subject, entry.subject_id), who=who(entry.actor_kind, entry.actor_id),
        machine=entry.machine, from_=entry.was, to=entry.now, rule=entry.rule or None, data=_data(entry.data),
    )  # fmt: skip


def of_feed(fact: outbox.Fact) -> EventView:
    """A fact of the feed."""
    return EventView(
        id=ref("fact", fact.id), at=fact.at, kind=fact.wire, subject=fact.subject,
        subject_id=_id(fact.subject, fact.subject_id), order_id=ref_or_none("order", fact.order_id),
        merchant=ref_or_none("merchant", fact.merchant_id), who=who(fact.actor_kind, fact.actor_id),
        machine=fact.machine, from_=fact.was, to=fact.now, rule=fact.rule or None, correlation=fact.correlation,
        data=_data(fact.data),
    )  # fmt: skip


def who(kind: str, number: int | None) -> Who:
    """Somebody who acted."""
    return Who(kind=kind, id=None if number is None else _id(kind, number))


def _id(kind: str, number: int) -> str:
    # Numbers of 63 bits do not survive every JSON reader; text does.
    return ref(kind, number) if kind in ids.PREFIXES else str(number)


def _data(data: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, value in data.items():
        if name.endswith("_ids") and isinstance(value, list):
            told[name] = [_id(name.removesuffix("_ids"), one) for one in value]
            continue
        is_id = name.endswith("_id") and isinstance(value, int)
        kind = CAUSES.get(str(data.get("cause")), "") if name == "cause_id" else name.removesuffix("_id")
        told[name] = _id(kind, value) if is_id else value
    return told
