"""What the steps of a return are drawn from: units that are left, reasons in words, ways to solve it, and the amounts."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from dingdan.areas import exchanges, orders, policies, returns
from dingdan.kernel import ids
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Refusal, Text
from dingdan.overviews import order_page
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.portal import asking_other, order_forms, pages
from dingdan.surfaces.portal import order_page as own_page
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.screens import Field, Reason
from dingdan.surfaces.shared.wire import Input

_UNITS = re.compile(r"([1-9]\d{0,3}):(\d{1,6})")
_WISH = re.compile(r"([1-9]\d{0,3}):(.{1,64})")
Short = Annotated[str, Meta(max_length=40)]
# What most people mean, first; by whose fault it is decides the rest. What only shops say is left out.
FIRST = (
    "NO_REASON", "SIZE_UNFIT", "ORDERED_BY_MISTAKE", "QUALITY_DEFECT", "NOT_AS_DESCRIBED", "DAMAGED_ON_ARRIVAL",
    "WRONG_ITEM", "MISSING_ITEM",
)  # fmt: skip
NEVER = frozenset({"refusal", "price", "invoice", "gift"})
WAYS = {
    returns.Resolution.REFUND: (Text("Money back", "退货退款"), Text("Send it back and get your money.", "寄回商品后退款。")),
    returns.Resolution.EXCHANGE: (Text("Exchange", "换货"), Text("Send it back and get the same again, another size, or something else.", "寄回商品，换同款、其他规格或其他商品。")),
    returns.Resolution.REPAIR: (Text("Repair", "维修"), Text("Send it back and get it mended.", "寄回商品，修好后寄还。")),
    returns.Resolution.REFUND_ONLY: (Text("Money without sending back", "仅退款"), Text("A person looks at it first.", "需人工审核。")),
    returns.Resolution.KEEP: (Text("Keep it for less", "保留商品，部分退款"), Text("You say how much less; a person looks at it.", "您提出金额，人工审核。")),
}  # fmt: skip
OUT_OF_IT = Text("The same is sold out just now; you can choose something else.", "同款暂时缺货，可换其他商品。")


class WizardQuery(Input, frozen=True, kw_only=True):
    """Everything chosen so far: units as `line:count`, the reason, what was shown, and the way to solve it.

    `kept` and `said` are what was chosen before one went back; `w` is what is wanted instead, as `line:SKU`, and `find` what
    was looked for.
    """

    step: Short = ""
    u: Annotated[tuple[Short, ...], Meta(max_length=500)] = ()
    kept: Annotated[tuple[Short, ...], Meta(max_length=500)] = ()
    reason: Short = ""
    said: Short = ""
    e: Annotated[tuple[Short, ...], Meta(max_length=40)] = ()
    way: Short = ""
    w: Annotated[tuple[Annotated[str, Meta(max_length=70)], ...], Meta(max_length=200)] = ()
    find: Short = ""
    person: bool = False


class At(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody stands in the steps, with all that the steps need."""

    order: orders.Order
    query: WizardQuery
    lines: Sequence[orders.OrderLine]
    document: policies.PolicyDocument
    buyer_ref: str
    units: Mapping[int, int]
    free: Mapping[int, int]
    eligible: Mapping[int, Reason]
    missing: Sequence[policies.Shot] = ()
    # What is wanted instead of which line, by its SKU.
    wishes: Mapping[int, str] = {}

    def money(self, amount: int) -> Money:
        """An amount of this order."""
        return Money(amount, self.order.currency)


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One way to solve it: what it is, what it brings, and how long it takes."""

    resolution: returns.Resolution
    name: Text
    says: Text
    amount: Money | None
    time: Text


class Confirmed(msgspec.Struct, frozen=True, kw_only=True):
    """What would happen if it were sent now, to the cent; or why it cannot be sent."""

    preview: returns.PreviewReturn | None
    lead: Text
    rows: Sequence[tuple[Text, Money, bool, Text | None]] = ()
    notes: Sequence[Text] = ()
    steps: Sequence[tuple[str, Text, Text]] = ()
    problems: Sequence[Refusal] = ()
    button: Text = Text("Send the application", "提交申请")
    asks_amount: bool = False
    most: Money | None = None

    @property
    def wish(self) -> Field:
        """How much less one would pay for keeping it."""
        currency = self.most.currency if self.most is not None else "CNY"
        return Field("wanted", Text("How much less?", "希望退多少？"), "money", currency=currency, longest=40)


async def load(tx: Tx, order: orders.Order, query: WizardQuery) -> At:
    """Everything that the steps need."""
    lines = (await orders.lines(tx, [order.id]))[order.id]
    document = (await policies.by_ids(tx, [order.policy_id]))[order.policy_id].document
    verdicts = await returns.judge_lines(tx, order, own_page.PLAIN)
    taken = await returns.taken_units(tx, order.id)
    free = {line.line_no: max(0, line.left - taken.get(line.line_no, 0)) for line in lines}
    at = At(
        order=order, query=query, lines=lines, document=document, buyer_ref=await pages.buyer_ref(tx, order),
        units=units_of(query.u, lines), free=free, wishes=wishes_of(query.w),
        eligible={line.line_no: _says(line, verdict, free[line.line_no]) for line, verdict in zip(lines, verdicts, strict=True)},
    )  # fmt: skip
    if not at.units or query.reason not in document.reasons:
        return at
    preview = await _preview(tx, at, application(at, returns.Resolution.REFUND))
    missing = preview.shots_missing if isinstance(preview, returns.PreviewReturn) else ()
    return msgspec.structs.replace(at, missing=missing)


def units_of(said: Sequence[str], lines: Sequence[orders.OrderLine]) -> dict[int, int]:
    """How many units of which lines; what names no line of the order is left out."""
    most = {line.line_no: line.quantity for line in lines}
    found: dict[int, int] = {}
    for one in said:
        fit = _UNITS.fullmatch(one)
        if fit and int(fit[1]) in most and int(fit[2]):
            found[int(fit[1])] = int(fit[2])
    return found


def wishes_of(said: Sequence[str]) -> dict[int, str]:
    """Which SKU is wanted instead of which line; the last word counts."""
    return {int(fit[1]): fit[2] for one in said if (fit := _WISH.fullmatch(one))}


def exchange_of(at: At, asked: returns.Apply) -> exchanges.Ask:
    """The application with what is wanted instead; what is not named is wanted again."""
    return exchanges.Ask(
        asked, {(at.order.id, line_no): sku for line_no, sku in at.wishes.items() if line_no in at.units}
    )


def _says(line: orders.OrderLine, verdict: policies.Verdict, free: int) -> Reason:
    if not free:
        return Reason("plain", Text("All of it is in a return already, or was cancelled.", "已全部申请售后或已取消。"))
    return own_page.eligibility(verdict)


def application(
    at: At, resolution: returns.Resolution, *, wanted: int | None = None, ask_person: bool = False
) -> returns.Apply:
    """What was chosen, as returns take it."""
    shown = [number for text in at.query.e if (number := ids.decode("evidence", text)) is not None]
    return returns.Apply(
        at.order.merchant_id, at.buyer_ref,
        tuple(
            returns.ApplyLine(quantity=units, reason=at.query.reason, order_id=at.order.id, line_no=line_no)
            for line_no, units in at.units.items()
        ),
        resolution=resolution, evidence=tuple(shown), wanted=wanted, ask_person=ask_person,
    )  # fmt: skip


def reason_groups(at: At) -> list[tuple[Text, list[tuple[str, Text, Text]]]]:
    """Reasons in the buyer's words, each with who pays the way back; what most people mean is first."""

    def option(code: str) -> tuple[str, Text, Text]:
        one = at.document.reasons[code]
        pays = policies.freight_for(at.document, one.fault).way_back
        hint = (
            Text("The seller pays the way back", "商家承担寄回运费") if pays == "seller"
            else Text("You pay the way back", "您承担寄回运费")
        )  # fmt: skip
        return code, Text(one.en, one.zh), hint

    known = [code for code in FIRST if code in at.document.reasons]
    others = [code for code, one in at.document.reasons.items() if code not in FIRST and one.kind not in NEVER]
    groups = [(Text("Most people say", "常见原因"), [option(code) for code in known])]
    return [*groups, (Text("Other reasons", "其他原因"), [option(code) for code in others])] if others else groups


async def options(tx: Tx, at: At) -> tuple[list[Option], Sequence[Refusal]]:
    """The ways that are open, what serves the buyer most first; where none is, why not."""
    found, why_not = list[Option](), list[Refusal]()
    for resolution in WAYS:
        wanted = 1 if resolution is returns.Resolution.KEEP else None
        asked = application(at, resolution, wanted=wanted)
        made, terms = await _judged(tx, at, asked)
        if made is None:
            if resolution is returns.Resolution.REFUND and isinstance(terms, Refusal):
                why_not = list(terms.problems)
            continue
        name, says = WAYS[resolution]
        amount = (
            at.money(made.refund) if resolution in (returns.Resolution.REFUND, returns.Resolution.REFUND_ONLY) else None
        )
        if resolution is returns.Resolution.EXCHANGE and isinstance(terms, exchanges.Terms):
            says = says if terms.is_in_stock else OUT_OF_IT
        found.append(Option(resolution=resolution, name=name, says=says, amount=amount, time=_time(made)))
    return found, why_not


async def confirmed(tx: Tx, at: At) -> Confirmed:
    """What the last step shows."""
    resolution = returns.Resolution(at.query.way)
    is_keep = resolution is returns.Resolution.KEEP
    made, why = await _judged(
        tx, at, application(at, resolution, wanted=1 if is_keep else None, ask_person=at.query.person)
    )
    if made is None:
        return Confirmed(preview=None, lead=Text("", ""), problems=why.problems if isinstance(why, Refusal) else ())
    terms = why if isinstance(why, exchanges.Terms) else None
    rows = asking_other.rows(_titles(at), terms) if terms is not None else await _rows(tx, at, made, resolution)
    return Confirmed(
        preview=made, lead=_lead(made), rows=() if is_keep else rows, asks_amount=is_keep,
        steps=_steps(made, resolution, pays=terms is not None and terms.difference > 0),
        notes=() if terms is None else asking_other.notes(terms),
        most=at.money(sum(line.net * at.units[line.line_no] // line.quantity for line in at.lines if line.line_no in at.units)),
        button=Text("Send the application", "提交退货申请" if resolution is returns.Resolution.REFUND else "提交申请"),
    )  # fmt: skip


def _titles(at: At) -> dict[int, Text]:
    return {line.line_no: naming.in_tongues(line.title) for line in at.lines}


async def _judged(tx: Tx, at: At, asked: returns.Apply) -> tuple[returns.PreviewReturn | None, Any]:
    """What an application would lead to, and for an exchange what it costs; or None and why it cannot be had."""
    try:
        if asked.resolution is returns.Resolution.EXCHANGE:
            previews, terms = await exchanges.preview(tx, exchange_of(at, asked))
            return (previews.returns[0], terms[0]) if previews.returns else (None, None)
        return (await returns.preview(tx, asked)).returns[0], None
    except Refusal as refusal:
        return None, refusal


async def _preview(tx: Tx, at: At, asked: returns.Apply) -> returns.PreviewReturn | Refusal:
    made, why = await _judged(tx, at, asked)
    return made if made is not None else why


async def _rows(
    tx: Tx, at: At, made: returns.PreviewReturn, resolution: returns.Resolution
) -> list[tuple[Text, Money, bool, Text | None]]:
    named = {line.line_no: line for line in at.lines}
    rows: list[tuple[Text, Money, bool, Text | None]] = []
    for line_no, units in at.units.items():
        line = named[line_no]
        paid = sum(part.amount for part in made.parts if part.line_no == line_no and part.component == "goods")
        title, gross = naming.in_tongues(line.title), line.unit_price * units
        rows.append((Text(f"{title.en} × {units}", f"{title.zh} × {units}"), at.money(gross), False, None))
        if made.parts and paid != gross:
            rows.append((Text("Discounts on it", "优惠（按商品分摊）"), at.money(paid - gross), False, None))
    for part in made.parts:
        if part.component != "goods" and part.amount:
            rows.append((pages.component(part.component), at.money(part.amount), False, None))
    if made.way_back:
        hint = (
            Text("The seller pays it", "商家承担")
            if made.way_back == "seller"
            else Text("You pay the carrier yourself", "由您直接支付给快递公司")
        )
        rows.append((Text("Way back", "寄回运费"), at.money(0), False, hint))
    if resolution in returns.FOR_GOODS:
        return [*[row for row in rows if not row[2]]][: len(at.units)]
    around = {one.id: one for one in (await order_page.around(tx, at.order.id)).payments}
    for tender in made.tenders:
        one = around.get(tender.payment_id)
        way = order_forms.way_words(one.provider, one.method) if one else Text("the way you paid", "原支付方式")
        rows.append((Text(f"Back to: {way.en}", f"预计退回{way.zh}"), at.money(tender.amount), True, None))
    return rows if made.tenders else [*rows, (Text("You get back", "预计退款"), at.money(made.refund), True, None)]


def _lead(made: returns.PreviewReturn) -> Text:
    if made.is_approved:
        return Text("It is approved as soon as you send it.", "提交后立即通过。")
    return Text("A person decides about it. The time stands below.", "提交后由人工审核，时限见下方。")


def _time(made: returns.PreviewReturn) -> Text:
    if made.is_approved:
        return Text("Approved at once", "立即通过")
    return Text("Somebody looks at it first", "需先审核")


def _steps(made: returns.PreviewReturn, resolution: returns.Resolution, *, pays: bool) -> list[tuple[str, Text, Text]]:
    found: list[tuple[str, Text, Text]] = []
    if made.answer_by is not None:
        found.append(("us", Text("We decide", "商家审核"), Text(
            f"by {pages.until(made.answer_by).en} at the latest", f"最晚 {pages.until(made.answer_by).zh}")))  # fmt: skip
    if resolution not in returns.WITHOUT_GOODS and not made.is_cancelled:
        by = made.send_by
        found.append(("customer", Text("You send it", "您寄回商品"), Text(
            f"by {pages.until(by).en}" if by else "within the days that come with the yes",
            f"{pages.until(by).zh} 前" if by else "审核通过后按期寄回")))  # fmt: skip
        found.append(("us", Text("We look at it", "仓库验货"), Text("when it has come", "签收后尽快完成")))
    if resolution is returns.Resolution.EXCHANGE:
        if pays:
            hours = exchanges.DIFFERENCE_HOURS
            found.append(("customer", Text("You pay the difference", "您支付差价"), Text(
                f"when yours was accepted, within {hours} hours", f"验货通过后 {hours} 小时内")))  # fmt: skip
        found.append(
            ("carrier", Text("The new one comes", "换发商品"), Text("when yours was accepted", "验货通过后发出"))
        )
    elif resolution is returns.Resolution.REPAIR:
        found.append(
            ("carrier", Text("It comes back mended", "修好寄还"), Text("you are told when it leaves", "寄出时通知您"))
        )
    elif made.refund_days:
        found.append(("system", Text("Your money arrives", "退款到账"), Text(
            f"within {made.refund_days} days, the way you paid", f"{made.refund_days} 天内原路退回")))  # fmt: skip
    else:
        found.append(("system", Text("Your money arrives", "退款到账"), Text("the way you paid", "原路退回")))
    return found
