"""How goods go back, in sections and forms: where to, with whom and for how much, a label at once, or a parcel of one's own."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

import msgspec

from dingdan.areas import carriers, fulfilment, returns, way_back
from dingdan.kernel import ids
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.kernel.times import iso
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.portal import pages
from dingdan.surfaces.portal.return_around import Around
from dingdan.surfaces.shared.pages import formatting
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Code,
    Facts,
    Field,
    Link,
    Part,
    Reason,
    Reasons,
    Section,
)
from dingdan.surfaces.shared.wire import ref

# Carriers come in these hours of the next days, two hours from now at the earliest.
SLOTS, DAYS, AHEAD = (9, 11, 14, 16, 18), 4, timedelta(hours=2)
LINGER = 2


class Going(msgspec.Struct, frozen=True, kw_only=True):
    """All about the way back of a return whose goods are to be sent, or are on their way."""

    plan: way_back.Plan
    labels: Sequence[way_back.Label]
    parcels: Sequence[returns.ReturnParcel]
    scans: Sequence[way_back.ReturnScan]
    # Other returns of the order that wait to be sent to the same place: one parcel may hold all of them.
    others: Sequence[returns.Return]


async def load(tx: Tx, around: Around) -> Going | None:
    """The way back of a return; None where nothing is to be sent."""
    held = around.held
    if (
        held.decision != "approved"
        or held.resolution in returns.WITHOUT_GOODS
        or held.journey not in ("at_buyer", "sent")
    ):
        return None
    parcels = await returns.parcels_of(tx, [held.id])
    return Going(
        plan=await way_back.plan(tx, held.id), labels=await way_back.labels_of(tx, [held.id]), parcels=parcels,
        scans=await way_back.scans_of(tx, parcels), others=await others(tx, held),
    )  # fmt: skip


async def others(tx: Tx, held: returns.Return) -> list[returns.Return]:
    """Other returns of the order that wait to be sent to the same warehouse."""
    return [
        one for one in await returns.of_orders(tx, [held.order_id])
        if one.id != held.id and one.warehouse_id == held.warehouse_id and one.decision == "approved"
        and one.journey == "at_buyer" and one.resolution not in returns.WITHOUT_GOODS
    ]  # fmt: skip


def first(around: Around, going: Going | None, now: datetime) -> list[Act]:
    """What is to be done about sending it: a label or a pick-up in one form, or the number of one's own parcel."""
    held = around.held
    if going is None or "send" not in returns.actions(held):
        return []
    here = pages.of(held.order_id, "return", "returns", held.id)
    is_first = held.journey == "at_buyer"
    found: list[Act] = []
    if is_first and going.labels:
        found.append(Act("show-label", Text("Show the label and its code", "查看寄件码和面单"),
                         f"{here}/labels/{ref('return_label', going.labels[-1].id)}", tone="first", is_link=True))  # fmt: skip
    elif is_first:
        found += _bookings(here, around, going, now)
    if is_first and not going.labels:
        found.append(Act("slip", Text("Print a slip for the parcel", "打印退货单"), f"{here}/slip", is_link=True))
    return [*found, _sent(here, going, is_first=is_first and all(one.tone != "first" for one in found))]


def sections(around: Around, going: Going | None) -> list[Section]:
    """Where to send it, with whom and for how much, how to pack it, and how far it has come."""
    if going is None:
        return []
    held, plan = around.held, going.plan
    at = plan.address
    rows: list[tuple[Text, Any]] = [
        (Text("To", "收件人"), f"{at.name} {at.phone}"),
        (Text("Address", "地址"), " ".join(part for part in (at.province, at.city, at.district, at.detail, at.postcode) if part)),
        (Text("Write on the parcel", "请在包裹上注明"), Code(ids.spoken(held.id))),
        *((Text("Sent with", "寄出包裹"), [Code(f"{one.carrier} {one.tracking_number}"), one.sent_at]) for one in going.parcels),
        (Text("On paper", "打印"), Link(f"{pages.of(held.order_id, 'return', 'returns', held.id)}/slip", Text("Slip for the parcel", "退货单"))),
    ]  # fmt: skip
    found: list[Section] = [Facts(Text("Where to send it", "寄回地址"), rows)]
    if going.scans:
        steps = [{"at": one.at, "text": fulfilment.CODES[one.code].text, "place": one.place}
                 for one in sorted(going.scans, key=lambda one: one.at, reverse=True)]  # fmt: skip
        found.insert(0, Part(Text("Where your parcel is", "退货物流"), "way_steps.html", {"steps": steps}))
    if held.journey == "at_buyer" and plan.options:
        found.append(Facts(Text("Ways to send it", "寄回方式"), [
            (carrier(one.carrier), Text(_option_words(one, plan.currency, "en"), _option_words(one, plan.currency, "zh"))) for one in _each_once(plan.options)
        ], note=Text("Any carrier will do. Costs are estimates.", "可任选快递，费用为预估。")))  # fmt: skip
    if plan.packing:
        found.append(Reasons(Text("How to pack it", "包装要求"), [Reason("plain", words) for _, words in plan.packing]))
    return found


def _each_once(options: Sequence[way_back.Option]) -> list[way_back.Option]:
    """Each carrier by its best way only."""
    return list({one.carrier: one for one in reversed(options)}.values())[::-1]


def carrier(code: str) -> Text:
    """A carrier by its name."""
    known = carriers.KNOWN.get(code)
    return Text(known.name.en, known.name.zh) if known else Text(code, code)


def _bookings(here: str, around: Around, going: Going, now: datetime) -> list[Act]:
    """The best option that we have a label for, handed in at a counter or picked up at the door."""
    best = next((one for one in going.plan.options if one.has_label), None)
    if best is None:
        return []
    chosen = Field("option", Text("", ""), "hidden", value=f"{best.carrier}.{best.service}")
    more = [*_together(going), _declared(going.plan)]
    found = [Act("hand-in", Text(f"Hand it in at a counter, {_cost(best, going.plan.currency, 'en')}",
                                 f"自行寄件（凭码免填单），{_cost(best, going.plan.currency, 'zh')}"),
                 f"{here}/label", tone="first", fields=[chosen, *more])]  # fmt: skip
    slots = slots_until(now, around.held.send_by) if best.picks_up else []
    if slots:
        found.append(Act("pick-up", Text(f"Have it picked up, {_cost(best, going.plan.currency, 'en')}",
                                         f"预约上门取件，{_cost(best, going.plan.currency, 'zh')}"), f"{here}/pick-up", fields=[
            chosen, Field("pick_up_at", Text("When?", "上门时间"), "choice", options=slots, value=slots[0][0]), *more,
        ]))  # fmt: skip
    return found


def slots_until(now: datetime, last: datetime | None) -> list[tuple[str, Text]]:
    """When somebody can come for it, by the clock of the house and before it is to be sent."""
    today, found = now.astimezone(formatting.ZONE).date(), list[tuple[str, Text]]()
    for day in range(DAYS):
        for hour in SLOTS:
            at = datetime.combine(today + timedelta(days=day), time(hour), formatting.ZONE)
            if at >= now + AHEAD and (last is None or at <= last):
                end = f"{hour + LINGER:02}:00"
                found.append(
                    (iso(at), Text(f"{formatting.long(at, 'en')}–{end}", f"{formatting.long(at, 'zh')}–{end}"))
                )
    return found


def _sent(here: str, going: Going, *, is_first: bool) -> Act:
    return Act("send", Text("I have sent it", "填写寄回单号"), f"{here}/send", tone="first" if is_first else "plain", fields=[
        Field("carrier", Text("Carrier", "快递公司"), hint=Text("as it stands on the receipt", "见寄件凭证"), longest=60),
        Field("tracking_number", Text("Tracking number", "运单号"), longest=60),
        Field("postage", Text("What you paid for it", "您支付的运费"), "money", is_needed=False, currency=going.plan.currency,
              hint=Text("If the seller bears it, it comes back with the refund.", "如由商家承担，将随退款返还。")),
        *_together(going),
    ])  # fmt: skip


def _together(going: Going) -> list[Field]:
    """Other returns that may lie in the same parcel."""
    if not going.others:
        return []
    return [Field("together", Text("Also in this parcel", "同一包裹内还有"), "choices", is_needed=False, options=[
        (ref("return", one.id), Text(f"Return {ids.spoken(one.id)}", f"售后单 {ids.spoken(one.id)}")) for one in going.others
    ])]  # fmt: skip


def _declared(plan: way_back.Plan) -> Field:
    most = Money(plan.most_declared, plan.currency)
    return Field("declared_value", Text("Insure it for", "保价金额"), "money", is_needed=False, currency=plan.currency, hint=Text(
        f"Only if you wish: {plan.insured_per_thousand} per thousand, at most {formatting.money(most, 'en')}.",
        f"自愿选择：保费为保价金额的 {plan.insured_per_thousand}‰，最高 {formatting.money(most, 'zh')}。"))  # fmt: skip


def _cost(one: way_back.Option, currency: str, tongue: Any) -> str:
    if one.buyer_bears == 0:
        return "the seller pays" if tongue == "en" else "商家承担运费"
    if one.buyer_bears is None:
        return "the carrier says how much" if tongue == "en" else "费用以快递公司为准"
    amount = formatting.money(Money(one.buyer_bears, currency), tongue)
    return f"about {amount} off your refund" if tongue == "en" else f"约 {amount}，从退款中扣除"


def _option_words(one: way_back.Option, currency: str, tongue: Any) -> str:
    days = f"{one.days_min}–{one.days_max}" if one.days_min != one.days_max else str(one.days_max)
    cost = "" if one.cost is None else formatting.money(Money(one.cost, currency), tongue)
    if tongue == "en":
        said = [
            f"{days} day" if days == "1" else f"{days} days",
            f"about {cost}" if cost else "",
            "recommended" if one.is_recommended else "",
        ]
        return ", ".join(word for word in said if word)
    said = [f"{days} 天", f"约 {cost}" if cost else "", "推荐" if one.is_recommended else ""]
    return "，".join(word for word in said if word)


def in_words(lines: Sequence[returns.ReturnLine], named: Mapping[int, Text]) -> list[tuple[Text, int]]:
    """What lies in a parcel."""
    return [(named.get(line.line_no, Text(str(line.line_no), str(line.line_no))), line.quantity) for line in lines]
