"""What happened, in sentences: each fact of a timeline in both languages, with whose turn made it."""

from collections.abc import Mapping, Sequence
from typing import Any

from dingdan.kernel.actor import ActorKind
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews.timeline import Entry as Fact
from dingdan.surfaces.shared import facts
from dingdan.surfaces.shared.pages.screens import Entry, Turn

_TURNS: dict[str, Turn] = {
    ActorKind.SYSTEM: "system", ActorKind.STAFF: "us", ActorKind.KEY: "us", ActorKind.BUYER: "customer",
    ActorKind.CARRIER: "carrier", ActorKind.PROVIDER: "system",
}  # fmt: skip
_WHO: dict[str, Text] = {
    ActorKind.SYSTEM: Text("System", "系统"), ActorKind.KEY: Text("Shop", "店铺系统"), ActorKind.BUYER: Text("Buyer", "买家"),
    ActorKind.CARRIER: Text("Carrier", "承运商"), ActorKind.PROVIDER: Text("Payment provider", "支付渠道"),
    ActorKind.STAFF: Text("Staff", "员工"),
}  # fmt: skip
_MONEY = {"payment.captured": 1, "refund.settled": -1}
_GROUPS = {"payment": "money", "refund": "money", "capture": "money", "parcel": "logistics", "work": "logistics",
           "reservation": "system"}  # fmt: skip
# Facts of which nobody but us needs to hear stay out of what a customer sees.
_SHOWN_TO_CUSTOMERS = frozenset(
    {"order", "payment", "parcel", "return", "refund", "offer", "dispute", "exchange", "repair", "case"}
)


def entries(found: Sequence[Fact], currency: str, people: Mapping[int, str]) -> list[Entry]:
    """Facts as the lines of a ledger; what was paid and paid back is summed in `currency`."""
    told, balance = [], 0
    for fact in found:
        sign = _MONEY.get(fact.wire)
        amount = fact.data.get("amount") if sign else None
        if sign and isinstance(amount, int):
            balance += sign * amount
        who: str | Text = _WHO[fact.actor_kind]
        if fact.actor_kind == ActorKind.STAFF and fact.actor_id is not None:
            who = people.get(fact.actor_id, who)
        groups = [_GROUPS.get(fact.subject, "system" if fact.actor_kind == ActorKind.SYSTEM else "other")]
        if fact.subject in _SHOWN_TO_CUSTOMERS:
            groups.append("customer")
        told.append(Entry(
            at=fact.at, turn=_TURNS[fact.actor_kind], text=sentence(fact.wire, fact.data), who=who, groups=groups,
            amount=Money(sign * amount, currency) if sign and isinstance(amount, int) else None,
            balance=Money(balance, currency) if sign else None, details=_details(fact),
        ))  # fmt: skip
    return told


def sentence(wire: str, data: Mapping[str, Any]) -> Text:
    """A fact as a sentence without its subject."""
    return WORDS.get(wire, Text(wire.replace(".", " ").replace("_", " "), wire)).filled(dict(data))


def _details(fact: Fact) -> list[tuple[str, str]]:
    view = facts.of_timeline(fact)
    steps = [("step", f"{view.from_ or '–'} → {view.to}")] if view.to else []
    return [("fact", view.kind), *steps, *((("rule", view.rule),) if view.rule else ()),
            *((name, str(value)) for name, value in view.data.items())]  # fmt: skip


WORDS: dict[str, Text] = {}
