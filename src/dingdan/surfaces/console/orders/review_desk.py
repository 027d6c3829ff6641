"""The queue of orders that are looked at again: what is due first, and many that are clean said yes to at once."""

from datetime import timedelta
from typing import Annotated, Any

from litestar import Response
from msgspec import Meta

from dingdan.areas import identity, review
from dingdan.kernel import ids
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews import review_queue
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.console.orders import review_words
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import naming, rendering, vocabulary
from dingdan.surfaces.shared.pages.doors import ListQuery, act, frame_of, itself, page_response, screen
from dingdan.surfaces.shared.pages.forms import Form, as_form, read
from dingdan.surfaces.shared.pages.listing import listing, slice_of
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Chip,
    Code,
    Column,
    Done,
    Empty,
    Filter,
    Fuse,
    Listing,
    Row,
    Two,
    View,
)
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Id

MOST_TOGETHER = 50


class QueueQuery(ListQuery, frozen=True, kw_only=True):
    """Which reviews; `mine` are those that whoever looks has claimed."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None
    state: review.ReviewState | None = None
    owner: review.Owner | None = None
    rule: Annotated[str, Meta(max_length=64)] | None = None
    mine: Annotated[str, Meta(max_length=8)] | None = None


class TogetherForm(Form, frozen=True, kw_only=True):
    """Which reviews."""

    keys: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=MOST_TOGETHER)]


@screen("/q/review", permission="review.read")
async def queue(tx: Tx, query: QueueQuery) -> Listing:
    """Orders that wait for a second look, what is due first at the top."""
    wanted = review_queue.Filter(
        merchant_id=await scope.merchant_filter(tx, query.merchant), state=query.state, owner=query.owner, rule=query.rule,
        claimed_by=(tx.actor.id or 0) if query.mine else None,
    )  # fmt: skip
    found = await review_queue.page(tx, wanted, slice_of(query))
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    people = await identity.staff_by_ids(tx, {one.claimed_by for one in found if one.claimed_by is not None})
    titles = {one.code: review_words.said(one.document.title) for one in await review.list_rules(tx, None)}
    return listing(
        found, lambda one: _row(tx, one, names, people, titles),
        title=Text("Order review", "订单审核"), live=["review"], is_queue=True, columns=[
            Column("due", Text("Due", "剩余时间")), Column("number", Text("Order", "订单")), Column("why", Text("Why", "触发原因")),
            Column("total", Text("Total", "金额"), is_number=True), Column("stands", Text("Stands", "状态")),
            Column("merchant", Text("Merchant", "商家")),
        ],
        views=[
            View(Text("All", "全部")), View(Text("Mine", "我领取的"), {"mine": "1"}),
            View(Text("Not taken", "待领取"), {"state": "open"}), View(Text("Second signature", "待二次签署"), {"state": "signed"}),
            View(Text("Escalated", "已升级"), {"state": "escalated"}), View(Text("Buyer asked", "待用户答复"), {"state": "asked"}),
        ],
        filters=[
            Filter("merchant", Text("Merchant", "商家"), await choosing.merchants_to_choose(tx)),
            Filter("rule", Text("Rule", "规则"), list(titles.items())),
            Filter("owner", Text("For", "处理角色"), review_words.OWNERS),
        ],
        empty=Empty(
            Text("Nothing to review.", "没有待审核的订单。"),
            Text("Orders that no rule stops go on by themselves.", "未触发审核规则的订单会自动放行。"),
        ),
        bulk=[Act("check", Text("Approve together…", "批量通过…"), "/q/review/together/check")]
        if tx.actor.may("review.decide") else [],
    )  # fmt: skip


def _row(
    tx: Tx, one: review_queue.Row, names: dict[int | None, Text], people: dict[int, Any], titles: dict[str, Text]
) -> Row:
    owner = people.get(one.claimed_by or 0)
    is_asked = one.state == review.ReviewState.ASKED
    stands = [
        vocabulary.chip("review", one.state),
        *([Chip(Text("Blocked", "已拦截"), "blocked")] if one.is_blocked else []),
    ]
    return Row(naming.ref("review", one.id), naming.place("review", one.id), {
        "due": Fuse(one.due_at, tx.now, max(one.due_at - one.opened_at, timedelta(hours=1)), is_paused=is_asked,
                    waits_for=Text("the buyer answers", "待用户答复") if is_asked else None),
        "number": Two(Code(ids.spoken(one.order_id)), one.opened_at),
        "why": [titles.get(rule, Text(rule, rule)) for rule in one.rules],
        "total": Money(one.total, one.currency),
        "stands": Two(stands, owner.name) if owner else stands,
        "merchant": names.get(one.merchant_id),
    }, Money(one.total, one.currency))  # fmt: skip


@itself("POST", "/q/review/together/check", permission="review.decide")
async def check(ask: Ask) -> Response[str]:
    """What approving these together would do: which go on, which are left out, and why."""
    form: TogetherForm = as_form(TogetherForm, (await read(ask.request)).words)
    async with ask.db.reading(ask.actor) as tx:
        fit, left = await _sorted(tx, form.keys)
        found = {one.id: one for one in await review_queue.some(tx, [*fit, *left])}
        sums: dict[str, int] = {}
        for one in (found[number] for number in fit):
            sums[one.currency] = sums.get(one.currency, 0) + one.total
        frame = frame_of(ask.request, tx.now)
    shown = [(ids.spoken(found[number].order_id), review_words.NOT_TOGETHER[why]) for number, why in left.items()]
    return page_response(rendering.draw(
        "review_together.html", frame, keys=[naming.ref("review", number) for number in fit], left=shown,
        sums=[Money(amount, currency) for currency, amount in sorted(sums.items())],
    ))  # fmt: skip


@act("/q/review/together", permission="review.decide")
async def approve_together(tx: Tx, form: TogetherForm) -> Done:
    """Say yes to clean reviews at once; what no longer fits is left as it is."""
    fit, left = await _sorted(tx, form.keys)
    taken = await review.claim(tx, limit=len(fit), ids=fit) if fit else []
    done = 0
    for one in taken:
        await review.approve(tx, one.id, answers={item.code: "yes" for item in one.checklist})
        done += 1
    more = len(left) + len(fit) - done
    rest = (f", {more} left as they are", f"，{more} 条未处理") if more else ("", "")
    return Done(text=Text(f"{done} approved{rest[0]}", f"已通过 {done} 条{rest[1]}"), to="/q/review")


async def _sorted(tx: Tx, keys: tuple[str, ...]) -> tuple[list[int], dict[int, review.WhyAlone]]:
    numbers = [ids.decode("review", key) for key in keys]
    held = await review.get(tx, [number for number in numbers if number is not None])
    if len(held) < len(set(keys)):
        raise Malformed("keys", what="a review that does not exist", what_zh="审核任务不存在")
    why = {number: review.why_alone(one, tx.actor) for number, one in sorted(held.items())}
    return [number for number, one in why.items() if one is None], {n: one for n, one in why.items() if one is not None}


ROUTES = [queue, check, approve_together]
