"""Many orders at once: what an act would do to which and why not to the others is shown first, and then done to those."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, NamedTuple, TypeVar

from litestar import Response
from msgspec import Meta

from dingdan.areas import fulfilment, orders
from dingdan.kernel import ids
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console.orders import combining, order_bar, order_keeping, order_notes
from dingdan.surfaces.shared import papers
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import naming, rendering
from dingdan.surfaces.shared.pages.doors import act, frame_of, itself, page_response, tongue_of
from dingdan.surfaces.shared.pages.forms import Form, as_form, read
from dingdan.surfaces.shared.pages.screens import Act, Done, Field
from dingdan.surfaces.shared.papers import making
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Code, Id

MOST = 50
Keys = Annotated[tuple[Id, ...], Meta(min_length=1, max_length=MOST)]
Why = Mapping[int, Text]
F = TypeVar("F", bound="TogetherForm")


class TogetherForm(Form, frozen=True, kw_only=True):
    """Which orders."""

    keys: Keys


class ReasonTogetherForm(TogetherForm, frozen=True, kw_only=True):
    """Which orders, and why."""

    reason: Code


class TagTogetherForm(TogetherForm, frozen=True, kw_only=True):
    """Which orders, and their new tags."""

    tags: Annotated[str, Meta(min_length=1, max_length=300)]


class AssignTogetherForm(TogetherForm, frozen=True, kw_only=True):
    """Which orders, and who shall look after them, or `nobody`."""

    to: order_keeping.Whom


class WriteTogetherForm(TogetherForm, frozen=True, kw_only=True):
    """Which orders, and what their buyers read."""

    text: Annotated[str, Meta(min_length=1, max_length=2000)]


class Verb(NamedTuple):
    """One act on many: its permission and words, what it asks, and whether it can be done to an order as it stands."""

    permission: str
    button: Text
    says: Text
    needs: str
    fields: Sequence[Field] = ()
    is_final: bool = False
    key: str = ""


REASON = Field("reason", Text("Why", "原因"), "choice", options=order_bar.WHY)
VERBS: dict[str, Verb] = {
    # Whom it can be given to hangs on the orders: the dry run asks.
    "assign": Verb("note.write", Text("Assign…", "批量分派…"), Text("{n} will be assigned.", "将分派 {n} 单。"), "", key="T"),
    "hold": Verb("order.hold", Text("Hold…", "批量挂起…"), Text("{n} will be held.", "将挂起 {n} 单。"), "hold", [REASON]),
    "release": Verb("order.hold", Text("Release…", "批量放行…"), Text("{n} will go on.", "将放行 {n} 单。"), "release"),
    "tag": Verb("note.write", Text("Tag…", "批量打标签…"), Text("{n} will be tagged.", "将为 {n} 单添加标签。"), "", [
        Field("tags", Text("Tags, with commas between", "标签，用逗号分隔"))]),
    "write": Verb("note.write", Text("Message…", "批量发消息…"), Text("{n} buyers will be told.", "将通知 {n} 单的买家。"), "", [
        Field("text", Text("Words for the buyers", "给买家的话"), "prose")], is_final=True),
    "slips": Verb("label.print", Text("Packing slips…", "打印装箱单…"), Text("Slips of {n} orders.", "将打印 {n} 单的装箱单。"), "slips"),
    "combine": Verb("consent.write", Text("Combine…", "批量合并发货…"), Text(
        "{n} will travel with those of them that go to the same hands. " + combining.WRITTEN_DOWN.en,
        "{n} 单将与所选中寄往同一收货人的订单合并发货。" + combining.WRITTEN_DOWN.zh), "combine"),
    "split": Verb("order.split", Text("Split…", "批量拆单…"), Text("{n} will be split.", "将拆分 {n} 单。"), ""),
    "cancel": Verb("order.cancel", Text("Cancel…", "批量取消…"), Text("{n} will be cancelled.", "将取消 {n} 单。"), "cancel", [REASON],
                   is_final=True),
}  # fmt: skip
# These ask for more before anything can be said (split_together.py).
APART = frozenset({"split"})
WHY_NOT: dict[str, Text] = {
    "hold": Text("not paid, picked already, held, or over", "未付款、已拣货、已挂起或已结束"),
    "release": Text("not held, or something else holds it", "未挂起，或因审核等原因不可放行"),
    "cancel": Text("picked already, or over", "已拣货或已结束"),
    "slips": Text("nothing of it waits for the warehouse", "无仓库任务"),
    "combine": Text("no other of these goes to the same hands, or it is agreed already", "所选中无同一收货人的订单，或已登记合并"),
}  # fmt: skip


def bulk(tx: Tx) -> list[Act]:
    """The bulk bar of whoever looks."""
    return [
        Act(name, one.button, f"/orders/together/{name}/check", one.key)
        for name, one in VERBS.items()
        if tx.actor.may(one.permission)
    ]


def _checking(name: str) -> Callable[[Ask], Awaitable[Response[str]]]:
    async def check(ask: Ask) -> Response[str]:
        """What this would do to which of these orders, and why not to the others."""
        form: TogetherForm = as_form(TogetherForm, (await read(ask.request)).words)
        verb = VERBS[name]
        async with ask.db.reading(ask.actor) as tx:
            fit, left = await _sorted(tx, name, form.keys)
            if name == "assign":
                verb = verb._replace(fields=await order_keeping.fields(tx, fit))
            sums: dict[str, int] = {}
            for one in fit:
                sums[one.currency] = sums.get(one.currency, 0) + (
                    one.total - one.refunded if one.paid_at is not None else 0
                )
            frame = frame_of(ask.request, tx.now)
        return page_response(rendering.draw(
            "orders_together.html", frame, name=name, verb=verb, keys=[naming.ref("order", one.id) for one in fit],
            left=[(ids.spoken(number), why) for number, why in left.items()],
            sums=[Money(amount, currency) for currency, amount in sorted(sums.items()) if amount] if name == "cancel" else [],
        ))  # fmt: skip

    check.__name__ = f"check_{name}"
    return check


CHECKS = [
    itself("POST", f"/orders/together/{name}/check", permission=verb.permission)(_checking(name))
    for name, verb in VERBS.items()
    if name not in APART
]


@act("/orders/together/hold", permission="order.hold")
async def hold(tx: Tx, form: ReasonTogetherForm) -> Done:
    """Stop these orders before they are picked."""
    fit, left = await _held(tx, "hold", form.keys)
    for one in fit:
        await orders.hold(tx, one.id, reason=form.reason)
    return _done(fit, left, Text("held", "已挂起"))


@act("/orders/together/release", permission="order.hold")
async def release(tx: Tx, form: TogetherForm) -> Done:
    """Let these held orders go on."""
    fit, left = await _held(tx, "release", form.keys)
    for one in fit:
        await orders.release(tx, one.id)
    return _done(fit, left, Text("go on", "已放行"))


@act("/orders/together/cancel", permission="order.cancel")
async def cancel(tx: Tx, form: ReasonTogetherForm) -> Done:
    """Cancel these orders; what was paid goes back by itself."""
    fit, left = await _held(tx, "cancel", form.keys)
    for one in fit:
        await orders.cancel(tx, one.id, reason=form.reason)
    return _done(fit, left, Text("cancelled", "已取消"))


@act("/orders/together/assign", permission="note.write")
async def assign(tx: Tx, form: AssignTogetherForm) -> Done:
    """Have somebody look after these orders, those that they see."""
    to, (held, _) = order_keeping.meant(tx, form.to), await _held(tx, "assign", form.keys)
    fit, left = await order_keeping.within_reach(tx, held, to)
    await orders.assign(tx, [one.id for one in fit], to=to)
    return _done(fit, left, Text("assigned", "已分派"))


@act("/orders/together/tag", permission="note.write")
async def tag(tx: Tx, form: TagTogetherForm) -> Done:
    """Put tags on these orders."""
    fit, left = await _held(tx, "tag", form.keys)
    await orders.tag(tx, [one.id for one in fit], add=order_notes.split(form.tags))
    return _done(fit, left, Text("tagged", "已添加标签"))


@act("/orders/together/write", permission="note.write")
async def write(tx: Tx, form: WriteTogetherForm) -> Done:
    """Write to the buyers of these orders."""
    fit, left = await _held(tx, "write", form.keys)
    for one in fit:
        await orders.note(tx, one.id, text=form.text, is_shown=True)
    return _done(fit, left, Text("told", "已通知"))


@act("/orders/together/combine", permission="consent.write")
async def combine(tx: Tx, form: TogetherForm) -> Done:
    """Write down that the buyers of these orders want what goes to the same hands in one parcel."""
    fit, left = await _held(tx, "combine", form.keys)
    await combining.combine_groups(tx, [one.id for one in fit])
    return _done(fit, left, Text("combined", "已登记合并发货"))


@itself("POST", "/orders/together/slips", permission="label.print")
async def slips(ask: Ask) -> Response[bytes]:
    """The packing slips of these orders as one paper, a page for each box."""
    form: TogetherForm = as_form(TogetherForm, (await read(ask.request)).words)
    async with ask.db.reading(ask.actor) as tx:
        fit, _ = await _sorted(tx, "slips", form.keys)
        works = await _works(tx, [one.id for one in fit])
        said = [await making.slip(tx, one.id, ask.settings) for one in works]
    if not said:
        raise Malformed("keys", what="nothing of these orders waits for the warehouse", what_zh="所选订单无仓库任务")
    return await making.as_pdf(lambda tongue: papers.slips(said, tongue), tongue_of(ask.request))


async def _held(tx: Tx, name: str, keys: tuple[str, ...]) -> tuple[list[orders.Order], dict[int, Text]]:
    """The same, with all of them standing still: they are locked before anything that belongs to one of them."""
    numbers = (ids.decode("order", key) for key in keys)
    await orders.lock(tx, {number for number in numbers if number is not None})
    return await _sorted(tx, name, keys)


async def _sorted(tx: Tx, name: str, keys: tuple[str, ...]) -> tuple[list[orders.Order], dict[int, Text]]:
    """Those to which it can be done now, by rising id, and why not to each of the others."""
    numbers = {ids.decode("order", key) for key in keys}
    found = await orders.get(tx, [number for number in numbers if number is not None])
    if len(found) < len(numbers):
        raise Malformed("keys", what="an order that does not exist", what_zh="订单不存在")
    needs = VERBS[name].needs
    listed: set[int] | None = None
    if needs == "slips":
        listed = {one.order_id for one in await _works(tx, list(found))}
    elif needs == "combine":
        listed = {number for group in await combining.groups(tx, list(found)) for number in group}
    fit, left = [], {}
    for number, one in sorted(found.items()):
        if not needs or (needs in orders.actions(one) if listed is None else number in listed):
            fit.append(one)
        else:
            left[number] = WHY_NOT[needs]
    return fit, left


async def _works(tx: Tx, order_ids: Sequence[int]) -> list[fulfilment.Work]:
    return [one for one in await fulfilment.works_of(tx, order_ids) if str(one.state) != "withdrawn"]


def _done(fit: Sequence[orders.Order], left: Why, said: Text) -> Done:
    rest = (f", {len(left)} left as they are", f"，{len(left)} 单未处理") if left else ("", "")
    return Done(text=Text(f"{len(fit)} {said.en}{rest[0]}", f"{len(fit)} 单{said.zh}{rest[1]}"), to="/orders")


ROUTES = [*CHECKS, hold, release, cancel, assign, tag, write, combine, slips]
