"""The board of trouble: what is due first, whose turn it is, how far it is, and many told or taken together."""

from datetime import timedelta
from typing import Annotated

from litestar import Response
from msgspec import Meta

from dingdan.areas import cases, identity
from dingdan.kernel import ids
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews import case_board
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing, words
from dingdan.surfaces.console.orders import case_words
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import naming, rendering, vocabulary
from dingdan.surfaces.shared.pages.doors import ListQuery, act, frame_of, itself, page_response, screen
from dingdan.surfaces.shared.pages.forms import Form, as_form, read
from dingdan.surfaces.shared.pages.listing import listing, slice_of
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Code,
    Column,
    Done,
    Empty,
    Field,
    Filter,
    Fuse,
    Listing,
    Row,
    Two,
    View,
)
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Code as CodeWord
from dingdan.surfaces.shared.wire import Id, Prose

MOST_TOGETHER = 50


class BoardQuery(ListQuery, frozen=True, kw_only=True):
    """Which cases; `mine` are those that whoever looks answers for."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None
    state: cases.CaseState | None = None
    kind: Annotated[str, Meta(max_length=64)] | None = None
    role: Annotated[str, Meta(max_length=64)] | None = None
    turn: cases.Turn | None = None
    mine: Annotated[str, Meta(max_length=8)] | None = None


class SeveralForm(Form, frozen=True, kw_only=True):
    """Which cases."""

    keys: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=MOST_TOGETHER)]


class TellSeveralForm(SeveralForm, frozen=True, kw_only=True):
    """Which cases, and what all their buyers hear."""

    text: Prose = ""
    plan: CodeWord | None = None


class OpenForm(Form, frozen=True, kw_only=True):
    """A case as staff opens it about an order."""

    kind: CodeWord
    order: Id
    text: Prose = ""


@screen("/q/exceptions", permission="case.read")
async def board(tx: Tx, query: BoardQuery) -> Listing:
    """What went wrong and is not over, what is due first at the top."""
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    wanted = case_board.Filter(
        merchant_id=merchant_id, state=query.state, kind=query.kind, role=query.role, whose_turn=query.turn,
        staff_id=(tx.actor.id or 0) if query.mine else None,
    )  # fmt: skip
    found = await case_board.page(tx, wanted, slice_of(query))
    known = await cases.catalogues(tx, {one.merchant_id for one in found})
    people = await identity.staff_by_ids(tx, {one.staff_id for one in found if one.staff_id is not None})
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    kinds = [(code, words.of_case(kind)) for code, kind in sorted((await cases.catalogue(tx, merchant_id)).items())]
    owners = {number: one.name for number, one in people.items()}
    return listing(
        found, lambda one: _row(tx, one, known[one.merchant_id].get(one.kind), owners, names),
        title=Text("Exceptions", "异常"), live=["case", "remedy", "claim"], is_queue=True, columns=[
            Column("due", Text("Due", "剩余时间")), Column("kind", Text("Kind", "类型")), Column("order", Text("Order", "订单")),
            Column("owner", Text("Owner", "负责人")), Column("step", Text("Step", "步骤")),
            Column("stake", Text("At stake", "涉及金额"), is_number=True),
        ],
        views=[
            View(Text("All", "全部")), View(Text("Mine", "我负责的"), {"mine": "1"}), View(Text("Our turn", "待我方处理"), {"turn": "us"}),
            View(Text("Buyer's turn", "待买家"), {"turn": "buyer"}), View(Text("Carrier's turn", "待承运商"), {"turn": "carrier"}),
            View(Text("Closed", "已关闭"), {"state": "closed"}),
        ],
        filters=[
            Filter("merchant", Text("Merchant", "商家"), await choosing.merchants_to_choose(tx)),
            Filter("kind", Text("Kind", "类型"), kinds), Filter("state", Text("State", "状态"), vocabulary.options("case")),
        ],
        empty=Empty(Text("No exceptions.", "没有异常单。"), Text("What goes wrong is noticed and comes here by itself.", "异常发生后会自动出现在这里。")),
        acts=[_opening(kinds)] if tx.actor.may("case.work") else [],
        bulk=[Act("tell", Text("Tell the buyers…", "批量告知买家…"), "/q/exceptions/together/check"),
              Act("take", Text("Take", "接手"), "/q/exceptions/together/take")] if tx.actor.may("case.work") else [],
    )  # fmt: skip


def _row(
    tx: Tx, one: case_board.Row, kind: cases.CaseKind | None, people: dict[int, str], names: dict[int | None, Text]
) -> Row:
    playbook = kind.document.playbook if kind is not None else ()
    is_asked, is_over = one.whose_turn == "buyer", one.state in ("closed", "withdrawn")
    due = Fuse(one.due_at, tx.now, max(one.due_at - one.opened_at, timedelta(hours=1)), is_paused=is_asked,
               waits_for=Text("the buyer answers", "待买家答复") if is_asked else None)  # fmt: skip
    may_see = tx.actor.may("order.read") and one.at_stake is not None and one.currency is not None
    stake = Money(one.at_stake or 0, one.currency or "") if may_see else None
    again = Text(f"reported {one.repeats + 1} times", f"共提报 {one.repeats + 1} 次") if one.repeats else None
    level = Text(f"level {one.level + 1}", f"{one.level + 1} 级") if one.level else None
    here = case_words.reached(playbook, one.plan)
    return Row(naming.ref("case", one.id), naming.place("case", one.id), {
        "due": vocabulary.chip("case", one.state) if is_over else due,
        "kind": Two(words.of_case(kind) if kind else one.kind, again or one.opened_at),
        "order": Two(Code(ids.spoken(one.order_id)) if one.order_id is not None else None, names.get(one.merchant_id)),
        "owner": Two(people.get(one.staff_id or 0) or Text("queue", "待分派"), level or case_words.role(one.role)),
        "step": Two(vocabulary.chip("case", one.state), Text(f"step {here} of {len(playbook)}", f"第 {here}/{len(playbook)} 步")),
        "stake": stake,
    }, stake)  # fmt: skip


def _opening(kinds: list[tuple[str, Text]]) -> Act:
    return Act("open", Text("Open a case", "登记异常"), "/cases/open", "N", [
        Field("order", Text("Order", "订单"), hint=Text("Its id, as in ord_0SBK…", "订单编号，如 ord_0SBK…")),
        Field("kind", Text("Kind", "类型"), "choice", options=kinds),
        Field("text", Text("What happened", "情况说明"), "prose", is_needed=False),
    ])  # fmt: skip


@act("/cases/open", permission="case.open")
async def open_one(tx: Tx, form: OpenForm) -> Done:
    """Open a case by hand about an order."""
    order_id = ids.decode("order", form.order)
    await scope.demand_reach(tx, "order", order_id, "order")
    made = await cases.open_by_hand(
        tx, cases.OpenCase(kind=form.kind, order_id=order_id, text=form.text), source="staff"
    )
    return Done(text=Text("Case opened", "已登记异常"), to=naming.place("case", made.id))


@itself("POST", "/q/exceptions/together/check", permission="case.work")
async def check(ask: Ask) -> Response[str]:
    """Whom telling these together would reach, by kind, before anything is sent."""
    form: SeveralForm = as_form(SeveralForm, (await read(ask.request)).words)
    async with ask.db.reading(ask.actor) as tx:
        held = await _held(tx, form.keys)
        known = await cases.documents(tx, held)
        going = [one for one in held if one.ended_at is None]
        counted: dict[str, int] = {}
        for one in going:
            counted[one.kind] = counted.get(one.kind, 0) + 1
        titles = {one.kind: Text(known[one.id].title.en, known[one.id].title.zh) for one in going}
        steps = {step.code: Text(step.en, step.zh) for one in going for step in known[one.id].playbook}
        frame = frame_of(ask.request, tx.now)
    return page_response(rendering.draw(
        "cases_together.html", frame, keys=[naming.ref("case", one.id) for one in going], over=len(held) - len(going),
        counted=[(titles[kind], number) for kind, number in counted.items()], steps=list(steps.items()),
        silent=sum(not known[one.id].tells_buyer for one in going),
    ))  # fmt: skip


@act("/q/exceptions/together/tell", permission="case.work")
async def tell_together(tx: Tx, form: TellSeveralForm) -> Done:
    """Tell the buyers of these cases how things stand, all or nobody."""
    going = [one for one in await _held(tx, form.keys) if one.ended_at is None]
    known = await cases.documents(tx, going)
    for one in going:
        plan = form.plan if any(step.code == form.plan for step in known[one.id].playbook) else None
        await cases.update(tx, one.id, text=form.text, plan=plan)
    return Done(text=Text(f"{len(going)} buyers told", f"已告知 {len(going)} 位买家"), to="/q/exceptions")


@act("/q/exceptions/together/take", permission="case.work")
async def take_together(tx: Tx, form: SeveralForm) -> Done:
    """Answer for these cases from now on."""
    going = [one for one in await _held(tx, form.keys) if one.ended_at is None]
    for one in going:
        await cases.take(tx, one.id)
    return Done(text=Text(f"{len(going)} taken", f"已接手 {len(going)} 条"), to="/q/exceptions?mine=1")


async def _held(tx: Tx, keys: tuple[str, ...]) -> list[cases.Case]:
    numbers = [ids.decode("case", key) for key in keys]
    held = await cases.get(tx, [number for number in numbers if number is not None])
    if len(held) < len(set(keys)):
        raise Malformed("keys", what="a case that does not exist", what_zh="异常单不存在")
    return [held[number] for number in sorted(held)]


ROUTES = [board, open_one, check, tell_together, take_together]
