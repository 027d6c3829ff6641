"""Carriers: the register, and each one's scorecard with what every figure is, what it should be, and what follows."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Annotated
from urllib.parse import quote

import msgspec
from litestar import Response
from msgspec import Meta

from dingdan.areas import addresses, carriers, identity, merchants
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews import carrier_register, scorecard_history
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.console.platform import carrier_figures
from dingdan.surfaces.shared import rows, scope
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import formatting, naming, vocabulary
from dingdan.surfaces.shared.pages.doors import ListQuery, act, itself, screen, tongue_of
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.listing import listing, slice_of
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Chip,
    Code,
    Column,
    Done,
    Empty,
    Facts,
    Field,
    Filter,
    Link,
    Listing,
    Part,
    Row,
    Say,
    Section,
    Sheet,
    Table,
    Talk,
    Two,
)
from dingdan.surfaces.shared.wire import Code as CodeWord
from dingdan.surfaces.shared.wire import Input, MerchantRef, Word

WHY = [
    ("grade", Text("The grade", "评级")), ("losses", Text("Losses and damage", "丢失破损")), ("licence", Text("The licence", "经营许可")),
    ("contract", Text("The contract", "合同")), ("improved", Text("It has improved", "已改善")), ("other", Text("Something else", "其他")),
]  # fmt: skip
MOST_LANES = 100


class CarriersQuery(ListQuery, frozen=True, kw_only=True):
    """Whose."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None


class CarrierQuery(Input, frozen=True, kw_only=True):
    """Whose carrier of this code."""

    merchant: MerchantRef | None = None


class WhyCarrierForm(Form, frozen=True, kw_only=True):
    """Whose carrier, and why."""

    merchant: MerchantRef | None = None
    reason: CodeWord


class EvaluateForm(Form, frozen=True, kw_only=True):
    """Whose carrier."""

    merchant: MerchantRef | None = None


class GradeForm(Form, frozen=True, kw_only=True):
    """A grade that holds until the end of a day, whatever evaluations say."""

    merchant: MerchantRef | None = None
    grade: carriers.Grade
    reason: CodeWord
    until: date


class CarrierNoteForm(Form, frozen=True, kw_only=True):
    """Whose carrier, and what is noted."""

    merchant: MerchantRef | None = None
    text: Annotated[str, Meta(min_length=1, max_length=1000)]


@screen("/carriers", permission="carrier.read")
async def listed(tx: Tx, query: CarriersQuery) -> Listing:
    """Every carrier within reach, with its last grade."""
    found = await carrier_register.page(tx, await scope.merchant_filter(tx, query.merchant), slice_of(query))
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    may = tx.actor.may("carrier.write")
    rates = [(name, carrier_figures.SHORT[name]) for name in ("late", "lost", "damaged", "silent")]
    return listing(
        found, lambda one: _row(one, names), title=Text("Carriers", "承运商"), live=["carrier"], columns=[
            Column("name", Text("Carrier", "承运商")), Column("whose", Text("Whose", "归属")), Column("stands", Text("Contract", "合作状态")),
            Column("grade", Text("Grade", "评级")), Column("samples", Text("Parcels, 30 days", "近 30 天包裹"), is_number=True),
            *(Column(name, words, is_number=True) for name, words in rates), Column("licence", Text("Licensed until", "许可有效期")),
        ],
        filters=[Filter("merchant", Text("Merchant", "商家"), await choosing.merchants_to_choose(tx))],
        acts=[Act("register", Text("Register a carrier", "登记承运商"), "/register/carrier", "N", tone="first", is_link=True)] if may else [],
        empty=Empty(Text("No carriers are registered.", "尚未登记承运商。"), Text("A carrier gets parcels once it is registered with a licence.", "登记承运商及其经营许可后方可分配包裹。"),
                    Link("/register/carrier", Text("Register a carrier", "登记承运商")) if may else None),
    )  # fmt: skip


def _row(one: carrier_register.Row, names: dict[int | None, Text]) -> Row:
    return Row(naming.ref("carrier", one.id), href(one.code, one.merchant_id), {
        "name": Two(naming.in_tongues(one.name), Code(one.code)),
        "whose": names.get(one.merchant_id) or Text("Platform", "平台"), "stands": vocabulary.chip("carrier", one.state),
        "grade": carrier_figures.grade_chip(one.grade) if one.grade else None, "samples": one.samples, "licence": one.licensed_until,
        **{figure.name: carrier_figures.rate(figure) for figure in one.figures},
    })  # fmt: skip


def href(code: str, merchant_id: int | None, below: str = "") -> str:
    """Where the page of a carrier is, or one below it."""
    whose = f"?merchant={naming.ref('merchant', merchant_id)}" if merchant_id is not None else ""
    return f"/carriers/{quote(code, safe='')}{below}{whose}"


@screen("/carriers/{code}", permission="carrier.read")
async def show(tx: Tx, code: Word, query: CarrierQuery) -> Sheet:
    """One carrier: its scorecard, its lanes, its licences, and what may be done."""
    one = await meant(tx, query.merchant, code)
    card = await carriers.scorecard(tx, one.id)
    standing = (await carriers.standings(tx, [one.id], "", ""))[one.id]
    trend = await scorecard_history.trend(tx, one.id)
    licences = (await carriers.licences_of(tx, [one.id]))[one.id]
    owner = (await naming.merchant_names(tx, [one.merchant_id])).get(one.merchant_id) or Text("Platform", "平台")
    title = naming.in_tongues(one.name)
    return Sheet(
        title=title, kind=Text(f"Carrier, {owner.en}", f"承运商 · {owner.zh}"), key=naming.ref("carrier", one.id),
        chips=[vocabulary.chip("carrier", one.state), Code(one.code), *(
            [carrier_figures.grade_chip(standing.grade), Text("by hand", "人工评级")] if standing.is_by_hand and standing.grade
            else [carrier_figures.grade_chip(card.grade)] if card else []
        )],
        lead=card.until if card else None, full=href(one.code, one.merchant_id), acts=_acts(tx, one, card),
        main=[*_figures(one, card, trend), *await _by_lane(tx, one), await _lanes(tx, one), await _notes(tx, one)],
        side=[_contract(tx, one, card, standing), _licences(tx, one, licences), *_contact(tx, one), carrier_figures.formula()], live=["carrier"],
    )  # fmt: skip


@itself("GET", "/carriers/{code}/figures", permission="carrier.read")
async def as_file(ask: Ask, code: Word, query: CarrierQuery) -> Response[bytes]:
    """The figures of a carrier's last evaluation as CSV."""
    async with ask.db.reading(ask.actor) as tx:
        one = await meant(tx, query.merchant, code)
        card = await carriers.scorecard(tx, one.id)
        if card is None:
            raise carriers.NoScorecard("path.code", code=code)
    content = carrier_figures.csv_of(card, tongue_of(ask.request))
    return Response(content, media_type="text/csv; charset=utf-8", headers={
        "Content-Disposition": 'attachment; filename="scorecard.csv"', "Cache-Control": "no-store"})  # fmt: skip


@act("/carriers/{code}/suspend", permission="carrier.decide")
async def suspend(tx: Tx, code: Word, form: WhyCarrierForm) -> Done:
    """Give the carrier no more parcels."""
    await carriers.suspend(tx, (await meant(tx, form.merchant, code)).id, reason=form.reason)
    return Done(text=Text("Suspended: it gets no more parcels", "已暂停合作，不再分配包裹"))


@act("/carriers/{code}/restore", permission="carrier.decide")
async def restore(tx: Tx, code: Word, form: WhyCarrierForm) -> Done:
    """Put a carrier in good standing again."""
    await carriers.restore(tx, (await meant(tx, form.merchant, code)).id, reason=form.reason)
    return Done(text=Text("In good standing again", "已恢复合作"))


@act("/carriers/{code}/evaluate", permission="carrier.decide")
async def evaluate(tx: Tx, code: Word, form: EvaluateForm) -> Done:
    """Have it evaluated by its last 30 days; the scorecard is there a moment later."""
    await carriers.evaluate(tx, (await meant(tx, form.merchant, code)).id)
    return Done(text=Text("Is being evaluated", "正在评估"))


@act("/carriers/{code}/grade", permission="carrier.decide")
async def grade(tx: Tx, code: Word, form: GradeForm) -> Done:
    """Let it count as of a grade for a time."""
    one = await meant(tx, form.merchant, code)
    ends_at = datetime.combine(form.until, time(23, 59, 59), formatting.ZONE)
    with rows.one_of_a_set():
        await carriers.set_grade(
            tx, carriers.SetGrade(carrier_id=one.id, grade=form.grade, reason=form.reason, ends_at=ends_at)
        )
    return Done(text=Text("Grade set", "已设置评级"))


@act("/carriers/{code}/note", permission="carrier.decide")
async def note(tx: Tx, code: Word, form: CarrierNoteForm) -> Done:
    """Write down what was said about it or agreed with it."""
    await carriers.note(tx, (await meant(tx, form.merchant, code)).id, text=form.text)
    return Done(text=Text("Noted", "已备注"))


async def _notes(tx: Tx, one: carriers.Carrier) -> Section:
    found = await carriers.notes_of(tx, one.id)
    people = await identity.staff_by_ids(
        tx, {note.said_by for note in found if note.said_by_kind == "staff" and note.said_by}
    )
    nobody = Text("By a program", "接口")
    return Talk(Text("Notes", "备注"), [
        Say(people[note.said_by].name if note.said_by in people else nobody, note.at, note.text, "us") for note in found
    ], Text("Nothing is noted.", "暂无备注。"))  # fmt: skip


async def meant(tx: Tx, merchant: str | None, code: str) -> carriers.Carrier:
    """A merchant's own carrier of a code, else the platform's. Raises CarrierUnknown."""
    owner = await scope.merchant_filter(tx, merchant)
    found = await carriers.carriers_by_code(tx, [(owner, code)])
    if not found:
        raise carriers.CarrierUnknown("path.code", code=code)
    return found[owner, code]


def _acts(tx: Tx, one: carriers.Carrier, card: carriers.Scorecard | None) -> list[Act]:
    written = [
        Act("change", Text("Change", "修改"), href(one.code, one.merchant_id, "/edit"), "C", is_link=True),
        Act("licence", Text("Add a licence", "登记许可"), href(one.code, one.merchant_id, "/licence"), "L", is_link=True),
    ] if writes(tx, one) else []  # fmt: skip
    if not tx.actor.may("carrier.decide") or tx.actor.merchant_id not in (None, one.merchant_id):
        return written
    here = f"/carriers/{one.code}"
    whose = naming.ref("merchant", one.merchant_id) if one.merchant_id is not None else None
    merchant = [Field("merchant", Text("Whose", "归属"), "hidden", value=whose)] if whose else []
    why = [*merchant, Field("reason", Text("Why", "原因"), "choice", options=WHY)]
    proposed = card is not None and carriers.proposal(one, card.grade) == "suspend"
    found = [
        Act("evaluate", Text("Evaluate now", "立即评估"), f"{here}/evaluate", "E", merchant),
        Act("grade", Text("Set a grade", "人工评级"), f"{here}/grade", "D", [
            *merchant, Field("grade", Text("Grade", "评级"), "choice", options=[(grade, grade) for grade in carriers.GRADES]),
            Field("reason", Text("Why", "原因"), "choice", options=WHY), Field("until", Text("Until", "有效至"), "date")]),
    ]  # fmt: skip
    found.append(
        Act(
            "note",
            Text("Note", "备注"),
            f"{here}/note",
            "N",
            [*merchant, Field("text", Text("Note", "备注"), "prose", longest=1000)],
        )
    )
    if card is not None:
        query = f"?merchant={whose}" if whose else ""
        found.append(Act("csv", Text("CSV", "导出 CSV"), f"{here}/figures{query}", is_link=True))
    if one.state is not carriers.Contract.SUSPENDED:
        found.append(Act("suspend", Text("Suspend", "暂停合作"), f"{here}/suspend", "S", why, "danger", warns=Text(
            "It is proposed by its grade. It gets no more parcels and its lanes are offered no longer.", "评级建议暂停。暂停后不再分配包裹，线路停用。",
        ) if proposed else Text("It gets no more parcels and its lanes are offered no longer.", "暂停后不再分配包裹，线路停用。")))  # fmt: skip
    if one.state is not carriers.Contract.ACTIVE:
        found.append(Act("restore", Text("Restore", "恢复合作"), f"{here}/restore", "R", why, "first"))
    return [*found, *written]


def _figures(
    one: carriers.Carrier, card: carriers.Scorecard | None, trend: Sequence[carriers.Scorecard]
) -> list[Section]:
    if card is None:
        return [Facts(Text("Scorecard", "评分卡"), [], Text("It was not evaluated yet.", "尚未评估。"))]
    title = Text(f"Scorecard of {_days(card, 'en')}", f"评分卡（{_days(card, 'zh')}）")
    return [Part(title, "measures.html", {"figures": carrier_figures.shown(card, trend), "few": carriers.FEW,
                                          "consequence": carriers.CONSEQUENCES[card.grade]})]  # fmt: skip


def _days(card: carriers.Scorecard, tongue: str) -> str:
    names = [formatting.short(at, "zh" if tongue == "zh" else "en", at)[:-6] for at in (card.since, card.until)]
    return " – ".join(names) if tongue == "en" else " 至 ".join(names)


async def _by_lane(tx: Tx, one: carriers.Carrier) -> list[Section]:
    found = await scorecard_history.lanes(tx, one.id)
    if not found:
        return []
    return [Table(Text("By lane", "分线路"), [
        Column("lane", Text("Lane", "线路")), Column("grade", Text("Grade", "评级")), Column("samples", Text("Parcels", "包裹"), is_number=True),
        *(Column(name, carrier_figures.SHORT[name], is_number=True) for name in ("late", "lost", "damaged", "silent")),
    ], [Row(str(card.id), None, {
        "lane": f"{_place(card.origin)} → {_place(card.destination)}", "grade": carrier_figures.grade_chip(card.grade),
        "samples": card.samples, **{figure.name: carrier_figures.rate(figure) for figure in card.figures},
    }) for card in found])]  # fmt: skip


def _place(place: str) -> str:
    country, _, code = place.partition("-")
    return addresses.name_of(addresses.Region(country, code)) or place if place else "–"


async def _lanes(tx: Tx, one: carriers.Carrier) -> Section:
    # A merchant has lanes of the platform's carriers too.
    owner = one.merchant_id if one.merchant_id is not None else tx.actor.merchant_id
    found = await carriers.lanes_of_carrier(tx, one.id, owner, MOST_LANES + 1)
    title = Text("Lanes", "线路")
    if len(found) > MOST_LANES:
        found, title = (
            found[:MOST_LANES],
            Text(f"Lanes, only the first {MOST_LANES}", f"线路（仅显示前 {MOST_LANES} 条）"),
        )
    known = await merchants.by_ids(tx, [owner] if owner is not None else [])
    currency = next((seller.currency for seller in known.values()), "CNY")
    codes = await scope.warehouse_codes(tx, [lane.warehouse_id for lane in found])
    return Table(title, [
        Column("code", Text("Lane", "线路")), Column("way", Text("From and to", "起止")), Column("service", Text("Service", "服务")),
        Column("days", Text("Days", "时效")), Column("cut_off", Text("Cut-off", "截单")), Column("cost", Text("Cost", "成本"), is_number=True),
        Column("stands", Text("Offered", "状态")),
    ], [Row(str(lane.id), None, {
        "code": Code(lane.code), "service": lane.service, "way": f"{codes.get(lane.warehouse_id) or '*'} → {_region(lane)}",
        "days": f"{lane.days_min}–{lane.days_max}", "cut_off": f"{lane.cut_off // 60:02d}:{lane.cut_off % 60:02d}",
        "cost": Money(lane.cost, lane.currency or currency) if lane.cost is not None else None,
        "stands": Chip(Text("Offered", "启用"), "done") if lane.active and lane.deliverable
        else Chip(Text("Does not go", "不可达"), "blocked") if lane.active else Chip(Text("Off", "停用"), "closed"),
    }) for lane in found], Text("It has no lanes of its own.", "暂无专属线路。"))  # fmt: skip


def _region(lane: carriers.Lane) -> str:
    return addresses.name_of(addresses.Region(lane.country, lane.region)) or lane.country


def _contract(tx: Tx, one: carriers.Carrier, card: carriers.Scorecard | None, standing: carriers.Standing) -> Section:
    return Facts(Text("Contract", "合作"), [
        (Text("Stands", "状态"), vocabulary.chip("carrier", one.state)),
        (Text("Counts as", "当前评级"), carrier_figures.grade_chip(standing.grade) if standing.grade else None),
        (Text("Share of parcels", "包裹份额"), f"{standing.share}%"),
        (Text("What follows", "后续措施"), carriers.CONSEQUENCES[card.grade] if card else None),
        (Text("An E suspends it by itself", "评级为 E 时自动暂停"), one.auto_suspend), (Text("Services", "服务"), ", ".join(one.services)),
        (Text("Serves", "服务区域"), ", ".join(one.regions) or Text("everywhere", "全部地区")),
    ])  # fmt: skip


def writes(tx: Tx, one: carriers.Carrier) -> bool:
    """Whether who asks may change this carrier, and so sees whom to call there; merchants change their own."""
    return tx.actor.may("carrier.write") and tx.actor.merchant_id in (None, one.merchant_id)


def _licences(tx: Tx, one: carriers.Carrier, found: Sequence[carriers.Licence]) -> Section:
    def number(licence: carriers.Licence) -> Link | Code:
        page = href(one.code, one.merchant_id, "/licence")
        page += f"{'&' if '?' in page else '?'}number={quote(licence.number, safe='')}"
        return Link(page, licence.number, is_code=True) if writes(tx, one) else Code(licence.number)

    return Table(Text("Licences", "经营许可"), [
        Column("number", Text("Number", "许可证号")), Column("until", Text("Valid", "有效期")),
    ], [Row(each.number, None, {
        "number": Two(number(each), each.issuer), "until": f"{each.valid_from:%Y-%m-%d} – {each.valid_until:%Y-%m-%d}",
    }) for each in found], Text("No licence is registered.", "未登记经营许可。"))  # fmt: skip


def _contact(tx: Tx, one: carriers.Carrier) -> list[Section]:
    if one.contact is None or not writes(tx, one):
        return []
    said = msgspec.structs.asdict(one.contact)
    return [Facts(Text("Whom to call", "联系人"), [
        (Text("Name", "姓名"), said["name"]), (Text("Phone", "电话"), said["phone"]), (Text("E-mail", "邮箱"), said["email"]),
    ])]  # fmt: skip


ROUTES = [listed, show, as_file, suspend, restore, evaluate, grade, note]
