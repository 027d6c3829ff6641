"""Who looks after an order: taken, given to somebody, given up, for one order or for many."""

from collections.abc import Collection, Sequence
from typing import Annotated

from msgspec import Meta

from dingdan.areas import identity, orders
from dingdan.kernel.actor import ActorKind
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.doors import act
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.screens import Act, Chip, Done, Field
from dingdan.surfaces.shared.wire import number

ME, NOBODY = "me", "nobody"
WHO = Text("Owner", "负责人")
NONE = Text("Nobody", "无人负责")
OURS = Text("The platform", "平台")
Whom = Annotated[str, Meta(min_length=1, max_length=64)]


class AssignForm(Form, frozen=True, kw_only=True):
    """Who shall look after the order, or `nobody`."""

    to: Whom


@act("/orders/{order_id}/assign", permission="note.write")
async def assign(tx: Tx, order_id: int, form: AssignForm) -> Done:
    """Have somebody look after the order, or nobody."""
    await orders.assign(tx, [order_id], to=meant(tx, form.to))
    return Done(text=Text("Assigned", "已分派"))


@act("/orders/{order_id}/take", permission="note.write")
async def take(tx: Tx, order_id: int) -> Done:
    """Look after the order oneself."""
    await orders.assign(tx, [order_id], to=meant(tx, ME))
    return Done(text=Text("You look after it", "已由您负责"))


@act("/orders/{order_id}/let_go", permission="note.write")
async def let_go(tx: Tx, order_id: int) -> Done:
    """Nobody looks after the order any more."""
    await orders.assign(tx, [order_id], to=None)
    return Done(text=Text("Nobody looks after it", "已设为无人负责"))


def meant(tx: Tx, to: str) -> int | None:
    """The person that a form means, None for nobody. Raises Malformed."""
    if to == ME:
        return tx.actor.id if tx.actor.kind is ActorKind.STAFF else 0
    return None if to == NOBODY else number("staff", to, "to")


async def within_reach(
    tx: Tx, found: Sequence[orders.Order], to: int | None
) -> tuple[list[orders.Order], dict[int, Text]]:
    """Those of these orders that somebody can look after, and why not the others; where it is none, all are refused."""
    person = (await identity.staff_by_ids(tx, [to])).get(to) if to is not None else None
    if person is None:
        return list(found), {}
    left = {one.id for one in found if not orders.may_keep(person, one.merchant_id)}
    if len(left) == len(found):
        return list(found), {}
    why = Text(f"{person.name} does not see it", f"{person.name} 看不到该订单")
    return [one for one in found if one.id not in left], dict.fromkeys(sorted(left), why)


async def people(tx: Tx, merchant_ids: Collection[int]) -> list[identity.Staff]:
    """Whom whoever looks may name for orders of these merchants, themselves first."""
    own = tx.actor.merchant_id
    found = await identity.staff_of(tx, {None, *merchant_ids} if own is None else {own}, orders.KEEPING)
    return sorted(found, key=lambda one: one.id != tx.actor.id)


async def fields(tx: Tx, found: Sequence[orders.Order]) -> list[Field]:
    """What is asked for many orders: who, and of how many each person could look after where it is not all."""
    options: list[tuple[str, Text | str]] = []
    for one in await people(tx, {order.merchant_id for order in found}):
        key, name = _option(tx, one)
        seen = sum(orders.may_keep(one, order.merchant_id) for order in found)
        some = Text(f"{name.en} ({seen} of {len(found)})", f"{name.zh}（可负责 {seen}/{len(found)} 单）")
        options.append((key, name if seen == len(found) else some))
    return [_field(options)]


def acts(tx: Tx, order: orders.Order, keeper: orders.Keeper | None, known: Sequence[identity.Staff]) -> list[Act]:
    """What can be done about who looks after an order."""
    here = naming.place("order", order.id)
    options = [_option(tx, one) for one in known if keeper is None or one.id != keeper.staff_id]
    found = [Act("assign", Text("Assign", "分派"), f"{here}/assign", "A", [_field(options)], is_more=True)]
    if keeper is None or keeper.staff_id != tx.actor.id:
        found.insert(0, Act("take", Text("Take it", "由我负责"), f"{here}/take", "T", is_more=True))
    if keeper is not None:
        found.append(Act("let_go", NONE, f"{here}/let_go", "U", is_more=True))
    return found


def chip(keeper: orders.Keeper | None) -> list[Chip]:
    """Who looks after an order, for its head."""
    if keeper is None:
        return []
    name = said(keeper.name)
    return [Chip(Text(f"Owner {name.en}", f"负责人 {name.zh}"), "closed")]


def said(name: str | None) -> Text:
    """Somebody's name; the platform's people are nobody in particular for merchants."""
    return OURS if name is None else Text(name, name)


def _option(tx: Tx, one: identity.Staff) -> tuple[str, Text]:
    if one.id == tx.actor.id:
        return ME, Text(f"Me ({one.name})", f"我（{one.name}）")
    return naming.ref("staff", one.id), Text(one.name, one.name)


def _field(options: Sequence[tuple[str, Text | str]]) -> Field:
    every = [*options, (NOBODY, NONE)]
    return Field("to", WHO, "choice", options=every, value=every[0][0])


ROUTES = [assign, take, let_go]
