"""Sending something back, in five steps: items, reason, proof where a rule asks for it, how to solve it, and the amounts.

Everything chosen so far stands in the address, so that going back loses nothing; what is shown is what the rules say now.
"""

from typing import Any
from urllib.parse import urlencode

import msgspec

from dingdan.areas import access, channel_orders, exchanges, orders, returns
from dingdan.kernel.refusal import Text
from dingdan.plumbing.settings import Settings
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.portal import asking_other, pages, within
from dingdan.surfaces.portal import asking_rules as rules
from dingdan.surfaces.portal.asking_rules import WizardQuery
from dingdan.surfaces.shared.pages import forms, naming
from dingdan.surfaces.shared.pages.doors import act, screen
from dingdan.surfaces.shared.pages.forms import Form, Typed, Upload
from dingdan.surfaces.shared.pages.screens import Done, Link, Own
from dingdan.surfaces.shared.wire import Word, ref

STEPS = ("items", "reason", "proof", "way", "confirm")
# A part of the fourth step, for whoever wants something instead.
CHOICE = "choice"
TITLES = {
    "items": Text("What do you want to send back?", "选择要退的商品"), "reason": Text("Why?", "选择原因"),
    "proof": Text("Show it", "上传凭证"), "way": Text("How shall we solve it?", "选择解决方式"),
    "confirm": Text("Check the amounts", "确认退款金额"), "choice": Text("What do you want instead?", "选择换货商品"),
}  # fmt: skip
LEADS = {
    "items": Text("What cannot go back is listed too, with the reason.", "不可退的商品也列在下方，并注明原因。"),
    "reason": Text("In your own words; who pays the way back follows from it.", "退回运费由谁承担取决于原因。"),
    "proof": Text("The rule for this reason asks for it. The camera opens directly.", "该原因需要凭证，可直接拍照。"),
    "way": Text("Nothing is chosen for you.", "请选择，系统不会默认勾选。"),
    "choice": Text("What you pay or get back for it stands beside each.", "差价已标注，选择后仍可返回修改。"),
    "confirm": Text("Nothing happens before you send it.", "提交前不会产生任何操作。"),
}  # fmt: skip


# What the last step is about, where it is not money for goods.
LAST = {
    "exchange": Text("Check the exchange", "确认换货信息"), "repair": Text("Check the repair", "确认维修申请"),
    "keep": Text("Say how much less", "填写希望退还的金额"),
}  # fmt: skip


class ShotForm(Form, frozen=True, kw_only=True):
    """What a picture shows."""

    shot: Word = "other"


class WishForm(Form, frozen=True, kw_only=True):
    """What is only said at the end: how much less one would pay for keeping it."""

    wanted: Typed = ""


@screen("/my/{order_id}/return", permission="return.apply")
async def show(tx: Tx, order_id: int, query: WizardQuery, guest: access.Guest) -> Own:
    """The step that comes next."""
    order = await orders.get_one(tx, order_id)
    at = await rules.load(tx, order, query)
    step = _step(query, at)
    draw = {"items": _items, "reason": _reason, "proof": _proof, "way": _way, CHOICE: _choice, "confirm": _confirm}[
        step
    ]
    data = await draw(tx, at)
    return pages.page(
        data.pop("title", TITLES[step]), guest, lead=data.pop("lead", None) or LEADS[step], template=f"ask_{step}.html",
        back=_back(order_id, query, step, at), step=STEPS.index("way" if step == CHOICE else step) + 1, steps=len(STEPS), action=here(order_id, query, step=step), query=query, at=at, **data,
    )  # fmt: skip


@act("/my/{order_id}/return/proof", permission="return.apply", screen=show)
async def prove(
    tx: Tx, order_id: int, *, query: WizardQuery, form: ShotForm, files: list[Upload], settings: Settings
) -> Done:
    """Show a photo or a film; then whatever else is to be shown."""
    kept = await within.take_in(tx, settings, order_id, files, shot=form.shot)
    shown = (*query.e, *(ref("evidence", one) for one in kept if ref("evidence", one) not in query.e))
    return Done(
        text=Text("Taken in.", "已上传。"), to=here(order_id, msgspec.structs.replace(query, e=shown), step="proof")
    )


@act("/my/{order_id}/return", permission="return.apply", screen=show)
async def send(tx: Tx, order_id: int, query: WizardQuery, form: WishForm) -> Done:
    """Apply, by the rules that the preview went by."""
    order = await orders.get_one(tx, order_id)
    at = await rules.load(tx, order, query)
    wanted = forms.amount_of(form.wanted, order.currency, "wanted") if form.wanted else None
    asked = rules.application(at, returns.Resolution(query.way or "refund"), wanted=wanted, ask_person=query.person)
    if asked.resolution is returns.Resolution.REFUND_ONLY or asked.resolution in returns.FOR_GOODS:
        await channel_orders.demand_made_here(tx, order_id)
    if asked.resolution is returns.Resolution.EXCHANGE:
        made, _ = await exchanges.ask(tx, rules.exchange_of(at, asked))
    else:
        made = await returns.apply(tx, asked)
    to = pages.of(order_id, "return", "returns", made.returns[0].id) if made.returns else pages.here(order_id)
    return Done(text=Text("Sent.", "已提交。"), to=to)


def here(order_id: int, query: WizardQuery, **changes: Any) -> str:
    """The wizard with everything chosen so far, some of it changed."""
    said = msgspec.structs.asdict(query) | changes
    pairs = [
        (name, str(each) if each is not True else "true")
        for name, value in said.items()
        for each in (value if isinstance(value, tuple) else [value])
        if each not in ("", None, False)
    ]
    return pages.here(order_id, "return") + (f"?{urlencode(pairs)}" if pairs else "")


def _step(query: WizardQuery, at: rules.At) -> str:
    """The step that was asked for, or the first that something is still missing for."""
    if not at.units or any(units > at.free.get(line_no, 0) for line_no, units in at.units.items()):
        return "items"
    if query.reason not in at.document.reasons:
        return "reason"
    wanted = query.step if query.step in (*STEPS, CHOICE) else "proof"
    if wanted == "proof" and not at.missing:
        return "way"
    if wanted == CHOICE:
        is_exchange = query.way == returns.Resolution.EXCHANGE
        return "way" if not is_exchange else CHOICE if _undecided(at) else "confirm"
    if wanted == "confirm" and query.way not in tuple(returns.Resolution):
        return "way"
    return wanted


def _undecided(at: rules.At) -> list[int]:
    """Lines for which nobody said what is wanted instead."""
    return [line_no for line_no in sorted(at.units) if line_no not in at.wishes]


def _back(order_id: int, query: WizardQuery, step: str, at: rules.At) -> Link:
    if step == "items":
        return pages.to_order(order_id)
    if step == CHOICE or (step == "confirm" and query.way == returns.Resolution.EXCHANGE):
        # The last wish is taken back; without any it is the way itself that is chosen again.
        to = (
            here(order_id, query, step=CHOICE, w=query.w[:-1], find="")
            if query.w
            else here(order_id, query, step="way", way="")
        )
        return Link(to, Text("Back", "上一步"))
    before = STEPS[STEPS.index(step) - 1]
    if before == "proof" and not (at.missing or query.e):
        before = "reason"
    # The steps before are shown again because what they ask for is left out of the address.
    left_out: dict[str, dict[str, Any]] = {
        "items": {"u": (), "reason": "", "kept": query.u},
        "reason": {"reason": "", "said": query.reason},
    }
    return Link(here(order_id, query, step=before, **left_out.get(before, {})), Text("Back", "上一步"))


async def _items(tx: Tx, at: rules.At) -> dict[str, Any]:
    chosen = dict(rules.units_of(at.query.kept or at.query.u, at.lines))
    pictured = await pages.pictures(tx, at.lines)
    found = []
    for line in at.lines:
        says = at.eligible[line.line_no]
        found.append({
            "no": line.line_no, "title": naming.in_tongues(line.title), "free": at.free.get(line.line_no, 0), "says": says,
            "product_id": line.product_id, "picture": pictured.get(line.product_id), "chosen": chosen.get(line.line_no, 0), "price": at.money(line.unit_price),
        })  # fmt: skip
    # Whoever went on without choosing anything is told so.
    is_nothing = bool(at.query.u) and not at.units
    return {
        "lines": found,
        "says": Text("Choose how many of at least one item.", "请至少选择一件商品的数量。") if is_nothing else None,
        "is_any": any(one["free"] for one in found),
        "hidden": [("reason", at.query.said)] if at.query.said else [],
    }


async def _reason(_tx: Tx, at: rules.At) -> dict[str, Any]:
    return {"groups": rules.reason_groups(at), "chosen": at.query.said or at.query.reason}


async def _proof(_tx: Tx, at: rules.At) -> dict[str, Any]:
    order_id = at.order.id
    return {
        "shots": [(one, Text(one.en, one.zh)) for one in at.missing], "shown": [f"{pages.here(order_id, 'evidence')}/{one}" for one in at.query.e],
        "prove": here(order_id, at.query, step="proof").replace("/return?", "/return/proof?", 1),
        "go_on": here(order_id, at.query, step="way"),
    }  # fmt: skip


async def _way(tx: Tx, at: rules.At) -> dict[str, Any]:
    options, why_not = await rules.options(tx, at)
    person = here(at.order.id, at.query, step="confirm", way="refund", person=True)
    return {"options": [
        {"href": here(at.order.id, at.query, step=CHOICE if one.resolution is returns.Resolution.EXCHANGE else "confirm",
                      way=str(one.resolution), w=()), "option": one}
        for one in options
    ], "why_not": why_not, "person": person if why_not or not options else ""}  # fmt: skip


async def _choice(tx: Tx, at: rules.At) -> dict[str, Any]:
    """What can be had instead of the first line that nobody has chosen for."""
    undecided = _undecided(at)
    line_no, query = undecided[0], at.query
    title = next(naming.in_tongues(line.title) for line in at.lines if line.line_no == line_no)
    found = (await exchanges.choices(tx, at.order.id, {line_no: at.units[line_no]}, find=query.find))[line_no]
    made = [
        msgspec.structs.replace(asking_other.choice(one, at.order.currency), href=here(
            at.order.id, query, step=CHOICE, w=(*query.w, f"{line_no}:{one.offer.sku}"), find="") if one.is_in_stock else "")
        for one in found
    ]  # fmt: skip
    return {
        "choices": made, "title": Text(f"Instead of {title.en}", f"{title.zh} 换成"), "find": query.find,
        "rest": here(at.order.id, query, step="confirm", find="") if len(undecided) > 1 else "",
        "hidden": [(name, each) for name, values in (
            ("u", query.u), ("e", query.e), ("w", query.w), ("reason", (query.reason,)), ("way", (query.way,)), ("step", (CHOICE,)),
        ) for each in values],
    }  # fmt: skip


async def _confirm(tx: Tx, at: rules.At) -> dict[str, Any]:
    made = await rules.confirmed(tx, at)
    return {
        "title": LAST.get(at.query.way, TITLES["confirm"]), "made": made, "send": here(at.order.id, at.query, step="confirm"),
        "lead": made.lead if made.preview is not None else LEADS["way"],
    }  # fmt: skip


ROUTES = [show, prove, send]
