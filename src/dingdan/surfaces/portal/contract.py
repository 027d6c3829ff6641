"""Withdrawing from a contract where the law has it: stated, confirmed, and acknowledged at once (CRD art. 11a)."""

from typing import Annotated

from msgspec import Meta

from dingdan.areas import access, channel_orders, identity, orders, talks
from dingdan.kernel import ids
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.portal import pages, within
from dingdan.surfaces.portal.pages import Card
from dingdan.surfaces.shared.pages import vocabulary
from dingdan.surfaces.shared.pages.doors import act, screen
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.screens import Act, Done, Facts, Field, Own

TITLE = Text("Withdraw from contract here", "在此撤回合同")


class StateForm(Form, frozen=True, kw_only=True):
    """Who withdraws, from which lines, and where that is acknowledged."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    contact: Annotated[str, Meta(min_length=3, max_length=320)]
    lines: Annotated[tuple[str, ...], Meta(max_length=500)] = ()


@screen("/my/{order_id}/withdraw", permission="return.read")
async def show(tx: Tx, order_id: int, guest: access.Guest) -> Own:
    """The first step, and what was stated before."""
    order = await orders.get_one(tx, order_id)
    terms = await talks.terms(tx, order_id)
    contact = await identity.contact(tx, order.contact_id)
    named = await pages.titles(tx, order_id)
    stated = await talks.withdrawals_of(tx, order_id)
    form = Act("state", Text("Go on", "下一步"), pages.here(order_id, "withdraw"), tone="first", fields=[
        Field("name", Text("Your name", "姓名"), value=(contact.address.name if contact and contact.address else ""), longest=200),
        Field("contact", Text("Where shall we acknowledge it?", "确认函接收邮箱"), value=(contact.email if contact else "") or "", longest=320),
        Field("lines", Text("Only for these (nothing chosen: the whole order)", "仅限以下商品（不选则为整单）"), "choices",
              options=[(str(line_no), words) for line_no, words in named.items()], is_needed=False),
    ])  # fmt: skip
    closed = Text("There is no contract to withdraw from now.", "当前不可撤回合同。")
    lead = Text("No reason is needed. It counts from the moment you state it.", "无需说明理由，自您提交时起生效。")
    return pages.page(
        TITLE, guest, back=pages.to_order(order_id), lead=lead if terms.is_offered else closed, acts=[form] if terms.is_offered else [],
        main=[Facts(Text("Stated before", "已提交"), [
            (Text("Withdrawal", "撤回声明"), [vocabulary.chip("withdrawal", one.state), one.stated_at]) for one in stated
        ])] if stated else [],
        card=Card(chip=vocabulary.chip("withdrawal", "stated"), text=Text("You can withdraw until then.", "可在此前撤回。"), until=terms.until)
        if terms.is_offered and terms.until else None,
    )  # fmt: skip


@act("/my/{order_id}/withdraw", permission="return.apply", screen=show)
async def state(tx: Tx, order_id: int, form: StateForm) -> Done:
    """First step: state it."""
    await channel_orders.demand_made_here(tx, order_id)
    left = {line.line_no: line.left for line in (await orders.lines(tx, [order_id]))[order_id]}
    chosen = [int(one) for one in form.lines if one.isascii() and one.isdigit() and int(one) in left]
    stated = await talks.state(tx, talks.State(
        order_id=order_id, name=form.name, contact=form.contact,
        lines=tuple(talks.WithdrawalLine(line_no, left[line_no]) for line_no in chosen),
    ))  # fmt: skip
    return Done(text=Text("Confirm it.", "请确认。"), to=pages.of(order_id, "withdrawal", "withdrawals", stated.id))


@screen("/my/{order_id}/withdrawals/{withdrawal_id}", permission="return.read")
async def one(tx: Tx, order_id: int, withdrawal_id: int, guest: access.Guest) -> Own:
    """The second step, and the acknowledgement."""
    found = await within.own_withdrawal(tx, order_id, withdrawal_id)
    named, who = await pages.titles(tx, order_id), await talks.who(tx, found)
    is_over = found.confirmed_at is not None
    what = [(named.get(line.line_no, Text("", "")), pages.units(line.quantity)) for line in found.lines]
    confirm = Act(
        "confirm",
        Text("Confirm withdrawal", "确认撤回"),
        f"{pages.of(order_id, 'withdrawal', 'withdrawals', withdrawal_id)}/confirm",
        tone="first",
    )
    return pages.page(
        Text("Your withdrawal", "您的撤回声明"), guest, number=ids.spoken(withdrawal_id), back=pages.to_order(order_id),
        acts=[] if is_over else [confirm],
        card=Card(
            chip=vocabulary.chip("withdrawal", found.state),
            text=Text("We have your withdrawal. This page, and a message to you, acknowledge it.", "已收到您的撤回声明，本页及发送给您的消息即为确认。")
            if is_over else Text("Check it, then confirm: only then it counts.", "请核对并确认，确认后生效。"),
            until=found.confirmed_at or found.stated_at,
            until_words=Text("Confirmed", "确认时间") if is_over else Text("Stated", "声明时间"),
        ),
        main=[Facts(Text("What it says", "内容"), [
            (Text("By", "声明人"), who.name if who else ""), (Text("Acknowledged to", "确认函发送至"), who.contact if who else ""),
            *(what or [(Text("From", "范围"), Text("the whole order", "整单"))]), (Text("Stated", "声明时间"), found.stated_at),
        ])],
    )  # fmt: skip


@act("/my/{order_id}/withdrawals/{withdrawal_id}/confirm", permission="return.apply", screen=one)
async def confirm(tx: Tx, order_id: int, withdrawal_id: int) -> Done:
    """Second step: confirm it."""
    await within.own_withdrawal(tx, order_id, withdrawal_id)
    await talks.confirm(tx, withdrawal_id)
    return Done(text=Text("Withdrawn.", "已撤回。"), to=pages.of(order_id, "withdrawal", "withdrawals", withdrawal_id))


ROUTES = [show, state, one, confirm]
