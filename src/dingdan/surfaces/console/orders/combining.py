"""Orders that travel together: which could, the act that writes the buyer's word down, and taking it back."""

from collections.abc import Collection, Sequence
from typing import Annotated

from msgspec import Meta

from dingdan.areas import packing
from dingdan.kernel import ids
from dingdan.kernel.refusal import Kind, Refusal, Text
from dingdan.overviews import merge_suggestions
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.pages import naming, vocabulary
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.screens import Act, Column, Done, Field, Row, Section, Table
from dingdan.surfaces.shared.wire import Id, number

# The words that a consent of today is to.
SHARED_TEXT = max(packing.CONSENT_TEXTS)
_WORDS = packing.CONSENT_TEXTS[SHARED_TEXT]
WRITTEN_DOWN = Text(f"You write down that the buyer agreed to these words: {_WORDS.en}", f"登记买家已同意：{_WORDS.zh}")


class SharedForm(Form, frozen=True, kw_only=True):
    """Who agreed that the orders travel in one parcel: this one and those that were shown, with a comma between."""

    given_by: packing.GivenBy = packing.GivenBy.BUYER
    others: Annotated[str, Meta(max_length=4_000)] = ""


class PartForm(Form, frozen=True, kw_only=True):
    """The consent that no longer holds."""

    consent: Id


class NothingToCombine(Refusal):
    """No other order goes to the same hands any more."""

    code = "desk.nothing_to_combine"
    kind = Kind.CONFLICT
    message = Text(
        "Not all of these orders go to the same hands from the same warehouse any more.", "这些订单已不能全部合并发货。"
    )
    remedy = Text("Load the page anew, and look at which still do.", "请刷新页面，确认仍可合并的订单。")


async def near(tx: Tx, order_id: int) -> list[merge_suggestions.Other]:
    """What of the same buyer could travel with an order."""
    return (await merge_suggestions.of_buyers(tx, [order_id])).get(order_id, [])


async def agreed(tx: Tx, order_id: int) -> list[packing.Consent]:
    """The consents about an order that stand."""
    return [one for one in await packing.consents_of(tx, [order_id]) if one.withdrawn_at is None]


def acts(here: str, others: Sequence[merge_suggestions.Other], standing: Sequence[packing.Consent]) -> list[Act]:
    """What can be done about it: say that the buyer agreed, or that they thought again."""
    together = {number for one in standing for number in one.order_ids}
    if standing and all(one.id in together for one in others):
        return [Act("part", Text("Send apart", "取消合并"), f"{here}/part", "C", [
            Field("consent", Text("Which", "哪一份"), "hidden", value=ids.encode("consent", standing[-1].id)),
        ], warns=Text("They travel in parcels of their own again.", "这些订单将恢复单独发货。"))]  # fmt: skip
    return [Act(
        "combine", Text("Combine", "合并发货"), f"{here}/combine", "C",
        why_not=None if others else Text("No other order goes there.", "没有可合并的订单。"),
        fields=[Field("others", Text("With", "合并订单"), "hidden", value=",".join(ids.encode("order", one.id) for one in others))],
        warns=WRITTEN_DOWN,
    )]  # fmt: skip


async def combine(tx: Tx, order_id: int, form: SharedForm) -> Done:
    """Write down that whoever may say so wants these orders in one parcel; the packing table goes by it.

    They agreed to what was on the page: an order that came since is not among them. Raises NothingToCombine.
    """
    could = {one.id for one in await near(tx, order_id)}
    shown = sorted({number("order", one, "others") for one in form.others.split(",") if one})
    if not shown or not could.issuperset(shown):
        raise NothingToCombine
    await packing.consent(tx, packing.NewConsent(
        order_ids=(order_id, *shown), given_by=form.given_by, given_at=tx.now, text_version=SHARED_TEXT,
    ))  # fmt: skip
    return Done(text=Text("They may travel in one parcel", "已登记合并发货"), stays=True)


async def groups(tx: Tx, order_ids: Collection[int]) -> list[tuple[int, ...]]:
    """Those of these orders that could travel together and nobody agreed to yet: each group to the same hands."""
    near_of, standing = await merge_suggestions.of_buyers(tx, order_ids), await packing.consents_of(tx, order_ids)
    agreed_to = [set(one.order_ids) for one in standing if one.withdrawn_at is None]
    left, found = sorted(order_ids), []
    while left:
        first, *left = left
        group = (first, *sorted({one.id for one in near_of.get(first, ())} & set(left)))
        left = [order_id for order_id in left if order_id not in group]
        if len(group) > 1 and not any(set(group) <= some for some in agreed_to):
            found.append(group)
    return found


async def combine_groups(tx: Tx, order_ids: Collection[int]) -> None:
    """Write down for each group of these orders that its buyer wants it in one parcel."""
    for group in await groups(tx, order_ids):
        await packing.consent(tx, packing.NewConsent(
            order_ids=group, given_by=packing.GivenBy.BUYER, given_at=tx.now, text_version=SHARED_TEXT,
        ))  # fmt: skip


async def part(tx: Tx, form: PartForm) -> Done:
    """Take a consent back."""
    await packing.withdraw_consent(tx, number("consent", form.consent, "consent"))
    return Done(text=Text("They travel apart again", "已恢复单独发货"), stays=True)


def section(others: Sequence[merge_suggestions.Other], standing: Sequence[packing.Consent]) -> list[Section]:
    """The orders that could travel along, and whether somebody agreed."""
    if not others:
        return []
    together = {number for one in standing for number in one.order_ids}
    ready = sum(one.is_ready for one in others)
    yes, no = Text("yes", "是"), Text("not yet", "尚未")
    title = Text(
        f"Can travel together: {len(others)}, saves {ready} parcels", f"可合并 {len(others)} 单，可省 {ready} 个包裹"
    )
    return [Table(title, [
        Column("number", Text("Order", "订单")), Column("placed", Text("Placed", "下单时间")), Column("stands", Text("Stands", "状态")),
        Column("units", Text("Units", "件数"), is_number=True), Column("agreed", Text("Buyer agreed", "买家已同意")),
    ], [Row(str(one.id), naming.place("order", one.id), {
        "number": naming.link("order", one.id), "placed": one.placed_at, "stands": vocabulary.chip("order", one.state),
        "units": one.units, "agreed": yes if one.id in together else no,
    }) for one in others])]  # fmt: skip
