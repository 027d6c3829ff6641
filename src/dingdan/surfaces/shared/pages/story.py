"""What happened, in sentences: each fact of a timeline in both languages, with whose turn made it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from dingdan.areas import identity, inventory
from dingdan.kernel import ids
from dingdan.kernel.actor import ActorKind
from dingdan.kernel.money import EXPONENTS, Money
from dingdan.kernel.refusal import Text
from dingdan.overviews.timeline import Entry as Fact
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import facts, language
from dingdan.surfaces.shared.pages import clocks, formatting, naming, reasons
from dingdan.surfaces.shared.pages.screens import Entry, Ledger, Turn
from dingdan.surfaces.shared.pages.words import WORDS

_TURNS: dict[str, Turn] = {
    ActorKind.SYSTEM: "system", ActorKind.STAFF: "us", ActorKind.KEY: "us", ActorKind.BUYER: "customer",
    ActorKind.CARRIER: "carrier", ActorKind.PROVIDER: "system",
}  # fmt: skip
WHO: dict[str, Text] = {
    ActorKind.SYSTEM: Text("System", "系统"), ActorKind.KEY: Text("Shop", "店铺系统"), ActorKind.BUYER: Text("Buyer", "买家"),
    ActorKind.CARRIER: Text("Carrier", "承运商"), ActorKind.PROVIDER: Text("Payment provider", "支付渠道"),
    ActorKind.STAFF: Text("Staff", "员工"),
}  # fmt: skip
_MONEY = {"payment.captured": 1, "refund.settled": -1}
_GROUPS = {
    "payment": "money", "refund": "money", "capture": "money", "send_back": "money", "credit": "money", "hand_payout": "money",
    "invoice": "money", "settlement": "money", "parcel": "logistics", "work": "logistics", "return_parcel": "logistics",
    "picture": "logistics", "reservation": "system", "message": "system", "archive": "system",
}  # fmt: skip
# Facts of which nobody but us needs to hear stay out of what a customer sees.
_SHOWN_TO_CUSTOMERS = frozenset({
    "order.placed", "order.paid", "order.cancelled", "order.shipped", "order.delivered", "order.received", "order.completed",
    "order.expired", "order.revived", "order.refunded", "order.lines_cancelled", "order.address_changed",
    "order.quantities_changed", "order.buyer_written", "payment.captured", "payment.failed", "parcel.dispatched", "parcel.moved",
    "parcel.out_for_delivery", "parcel.delivered", "parcel.turned_away", "parcel.returning", "return.requested",
    "return.approved", "return.refused", "return.sent", "return.received", "return.inspected", "return.settled",
    "refund.settled", "offer.made", "offer.taken", "question.asked", "invoice.issued", "case.opened", "case.updated",
    "case.closed", "dispute.opened", "dispute.ruled", "dispute.settled", "exchange.reserved", "exchange.replaced",
    "exchange.finished", "repair.began", "repair.sent_back", "repair.finished",
})  # fmt: skip
# What people wrote; the words are looked up, since facts name nobody.
_NOTES = frozenset({"order.noted", "order.buyer_written"})
# What machines note for themselves; a ledger folds it away.
_CHATTER = frozenset({
    "payment.started", "payment.accepted", "send_back.queued", "send_back.accepted", "send_back.arrived", "refund.sent",
    "order.cleared", "message.queued", "archive.kept", "archive.supplemented", "archive.put_away", "credit.held", "credit.released",
    "settlement.booked", "settlement.opened", "picture.taken", "work.queued", "invoice.drafted", "exchange.changed",
})  # fmt: skip
_AMOUNTS = frozenset({
    "amount", "total", "balance", "kept", "back", "penalty", "worth", "cost", "value", "waived", "refunded", "opening", "closing",
    "before", "usual", "ours", "theirs", "asked", "went", "came",
})  # fmt: skip
# Names that mean money with some facts and a number with others.
_AMOUNTS_OF = frozenset({"merchant_deposit.below_minimum.missing", "claim.answered.accepted"})
_POINTS = frozenset({"credit.points_expired.amount"})
# Other kinds of names than the words of their fields.
_NAMED = {
    "warehouse_id": "warehouse",
    "warehouse_ids": "warehouse",
    "from_id": "warehouse",
    "to_id": "warehouse",
    "channel_id": "channel",
    "staff_id": "staff",
}
Names = Mapping[tuple[str, int], Text]
_TONGUES: tuple[language.Tongue, ...] = ("en", "zh")


class _Count(int):
    """A number that counts things in English: `{units:unit}` is "1 unit", or "3 units"."""

    def __format__(self, thing: str) -> str:
        return f"{int(self):,}" + (f" {thing}{'' if self == 1 else 's'}" if thing else "")


async def ledger(
    tx: Tx, title: Text, found: Sequence[Fact], currency: str, said: Mapping[int, str] | None = None
) -> Ledger:
    """Facts as a ledger, with the names of people and places looked up; `said` are the words of notes by their number."""
    names = await names_in(tx, [fact.data for fact in found])
    staff = {fact.actor_id for fact in found if fact.actor_kind == ActorKind.STAFF and fact.actor_id}
    people = {number: one.name for number, one in (await identity.staff_by_ids(tx, staff)).items()}
    told = entries(found, currency, people, names)
    for place, fact in enumerate(found):
        if fact.wire in _NOTES and (words := (said or {}).get(fact.data.get("note_id", 0))):
            told[place] = msgspec.structs.replace(told[place], words=words)
    return Ledger(title, told)


async def names_in(tx: Tx, data: Sequence[Mapping[str, Any]]) -> dict[tuple[str, int], Text]:
    """What the warehouses, channels and people are called that facts carry the numbers of."""
    wanted: dict[str, set[int]] = {"warehouse": set(), "channel": set(), "staff": set()}
    for one in data:
        for field, kind in _NAMED.items():
            said = one.get(field)
            wanted[kind].update(said if isinstance(said, list) else [said] if isinstance(said, int) else [])
    named: dict[tuple[str, int], Text] = {}
    for number, place in (await inventory.warehouses(tx, wanted["warehouse"])).items():
        named["warehouse", number] = naming.in_tongues(place.name)
    for number, channel in (await inventory.channels_by_ids(tx, wanted["channel"])).items():
        named["channel", number] = naming.in_tongues(channel.name)
    for number, person in (await identity.staff_by_ids(tx, wanted["staff"])).items():
        named["staff", number] = Text(person.name, person.name)
    return named


def entries(found: Sequence[Fact], currency: str, people: Mapping[int, str], names: Names | None = None) -> list[Entry]:
    """Facts as the lines of a ledger; what was paid and paid back is summed in `currency`."""
    told, balance = [], 0
    for fact in found:
        sign = _MONEY.get(fact.wire)
        amount = fact.data.get("amount") if sign else None
        if sign and isinstance(amount, int):
            balance += sign * amount
        who: str | Text = WHO[fact.actor_kind]
        if fact.actor_kind == ActorKind.STAFF and fact.actor_id is not None:
            who = people.get(fact.actor_id, who)
        told.append(Entry(
            at=fact.at, turn=_TURNS[fact.actor_kind], text=sentence(fact.wire, fact.data, currency, names), who=who,
            groups=_groups(fact), amount=Money(sign * amount, currency) if sign and isinstance(amount, int) else None,
            balance=Money(balance, currency) if sign else None, details=_details(fact),
        ))  # fmt: skip
    return told


def sentence(wire: str, data: Mapping[str, Any], currency: str = "CNY", names: Names | None = None) -> Text:
    """A fact as a sentence without its subject; amounts that name no currency are in `currency`."""
    words = WORDS.get(wire, Text(wire.replace(".", " ").replace("_", " "), wire))
    for name, value in data.items():
        if value and f"{wire}:{name}" in WORDS:
            words = WORDS[f"{wire}:{name}"]
    filled = {}
    for tongue in _TONGUES:
        said = _Said(wire, data, currency, names or {}, tongue)
        filled[tongue] = {name: _param(said, name, value) for name, value in data.items()}
    en = words.filled(filled["en"]).en
    begins_with = words.en.partition("}")[0].removeprefix("{") if words.en.startswith("{") else ""
    if begins_with and begins_with not in _SPOKEN_AS_IT_IS:
        en = en[:1].upper() + en[1:]
    return Text(en, words.filled(filled["zh"]).zh)


# A sentence names so many things of a list; the details below it have them all.
_MOST = 8


class _Said(NamedTuple):
    """One fact that is put into the words of one language."""

    wire: str
    data: Mapping[str, Any]
    currency: str
    names: Names
    tongue: language.Tongue

    def joined(self, parts: Iterable[str]) -> str:
        said = list(parts)
        shown, more = (said, 0) if len(said) <= _MOST else (said[: _MOST - 1], len(said) - _MOST + 1)
        if self.tongue == "zh":
            return "、".join(shown) + (f"等 {len(said)} 项" if more else "")
        return ", ".join(shown) + (f" and {more} more" if more else "")

    def word(self, name: str, value: object) -> str:
        return language.pick(reasons.of_fact(self.wire, name, str(value)), self.tongue)

    def name(self, field: str, value: int) -> str:
        known = self.names.get((_NAMED[field], value))
        return language.pick(known, self.tongue) if known else ids.spoken(value)


def _param(said: _Said, name: str, value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return ""
    if name in _NAMED and isinstance(value, int):
        return said.name(name, value)
    if name in _NAMED and isinstance(value, list):
        return said.joined(said.name(name, one) for one in value)
    if isinstance(value, int):
        return _number(said, name, value)
    if isinstance(value, list):
        return said.joined(str(one) if name in _SPOKEN_AS_IT_IS else said.word(name, one) for one in value)
    if isinstance(value, dict):
        return said.joined(f"{line} × {units}" for line, units in value.items())
    at = _moment(name, value)
    if at is not None:
        return formatting.short(at, said.tongue, at)
    if name == "promise" or f"{said.wire}.{name}" == "deadline.extended.kind":
        return language.pick(clocks.name(str(value)), said.tongue)
    return str(value) if name in _SPOKEN_AS_IT_IS else said.word(name, value)


_SPOKEN_AS_IT_IS = frozenset({
    "carrier", "scopes", "code", "sku", "provider", "method", "number", "version", "tracking_number", "plan", "grade", "bin", "released_on",
    "currency", "country", "text_version", "page",
})  # fmt: skip


def _number(said: _Said, name: str, value: int) -> Any:
    if name.endswith("_id"):
        return ids.spoken(value)
    place = f"{said.wire}.{name}"
    if (name not in _AMOUNTS and place not in _AMOUNTS_OF) or place in _POINTS:
        return _Count(value)
    unit = str(said.data.get(f"{name}_currency") or said.data.get("currency") or said.data.get("unit") or said.currency)
    if unit not in EXPONENTS:
        return f"{value:,} 积分" if said.tongue == "zh" else f"{value:,} points"
    return formatting.money(Money(value, unit), said.tongue)


def _moment(name: str, value: object) -> datetime | None:
    if not name.endswith(("_at", "_by", "until")) or name in ("found_by", "given_by"):
        return None
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None


def _groups(fact: Fact) -> list[str]:
    area = fact.wire.partition(".")[0]
    is_chatter = fact.wire in _CHATTER
    groups = [
        _GROUPS.get(area, _GROUPS.get(fact.subject, "system" if fact.actor_kind == ActorKind.SYSTEM else "other"))
    ]
    if is_chatter and "system" not in groups:
        groups.append("system")
    if is_chatter:
        groups.append("chatter")
    if fact.wire in _NOTES:
        groups.append("notes")
    if fact.wire in _SHOWN_TO_CUSTOMERS:
        groups.append("customer")
    return groups


def _details(fact: Fact) -> list[tuple[str, str]]:
    view = facts.of_timeline(fact)
    steps = [("step", f"{view.from_ or '–'} → {view.to}")] if view.to else []
    return [("fact", view.kind), *steps, *((("rule", view.rule),) if view.rule else ()),
            *((name, str(value)) for name, value in view.data.items())]  # fmt: skip
