"""Who did something, as pages name them: staff by name, everybody else by what they are."""

from collections.abc import Iterable

from dingdan.areas import identity
from dingdan.kernel.actor import ActorKind
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx

Hand = tuple[str, int | None]
_KINDS: dict[str, Text] = {
    ActorKind.SYSTEM: Text("System", "系统"), ActorKind.KEY: Text("Shop system", "店铺系统"), ActorKind.BUYER: Text("Buyer", "买家"),
    ActorKind.CARRIER: Text("Carrier", "承运商"), ActorKind.PROVIDER: Text("Payment provider", "支付渠道"),
    ActorKind.STAFF: Text("Staff", "员工"),
}  # fmt: skip


async def named(tx: Tx, hands: Iterable[tuple[str | None, int | None]]) -> dict[Hand, Text | str]:
    """What to call these hands; a hand without a kind is nobody's and left out."""
    wanted = {(str(kind), number) for kind, number in hands if kind}
    staff = {number for kind, number in wanted if kind == ActorKind.STAFF and number is not None}
    people = await identity.staff_by_ids(tx, staff) if staff else {}
    return {
        (kind, number): people[number].name if kind == ActorKind.STAFF and number in people else _KINDS[kind]
        for kind, number in wanted
    }
