"""What webhooks carry: the event as the feed shows it, and its object as the object's own address would show it."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import msgspec

from dingdan.areas import webhooks
from dingdan.kernel import page
from dingdan.kernel.actor import Actor, ActorKind
from dingdan.kernel.refusal import Kind, Refusal
from dingdan.plumbing.database import AWAY, Database
from dingdan.plumbing.outbox import Fact
from dingdan.plumbing.telemetry import log
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import app
from dingdan.surfaces.shared import facts, scope
from dingdan.surfaces.shared.doors import Door
from dingdan.surfaces.shared.wire import ref

Show = Callable[[Tx, int], Awaitable[Any]]
# What the archive keeps of an order goes by the order's number too, and is not the order.
_ONE = re.compile(r"/v1/([a-z-]+)/{(\w+)_id}")


class Snapshot(msgspec.Struct, frozen=True):
    """An object as it was shown at a moment; nothing where the endpoint may not see it."""

    kind: str | None = None
    data: msgspec.Raw = msgspec.Raw(b"null")
    at: datetime | None = None


async def bodies(db: Database, endpoint: webhooks.Endpoint, found: Sequence[Fact]) -> dict[int, bytes]:
    """The bodies of facts, by their ids, as this endpoint may see them; each object is read once."""
    eyes = Actor(
        ActorKind.KEY, name="webhook", merchant_id=endpoint.merchant_id, permissions=frozenset(endpoint.scopes)
    )
    shown: dict[tuple[str, int], Snapshot] = {}
    made: dict[int, bytes] = {}
    for fact in found:
        about = _shown(fact)
        if about is not None and about not in shown:
            shown[about] = await _snapshot(db, eyes, *about)
        made[fact.id] = webhooks.encoded(_message(fact, shown[about] if about is not None else Snapshot()))
    return made


def _message(fact: Fact, snapshot: Snapshot) -> webhooks.Message:
    return webhooks.Message(
        type=fact.wire, timestamp=fact.at, id=ref("fact", fact.id), cursor=page.encode_cursor(fact.position),
        event=facts.of_feed(fact), previous=_previous(fact), object=snapshot.kind, data=snapshot.data,
        data_at=snapshot.at,
    )  # fmt: skip


def _previous(fact: Fact) -> dict[str, str]:
    """What a lifecycle's field of the subject said before: `return_decision` is the field `decision` of a return."""
    if fact.machine is None or fact.was is None:
        return {}
    field = fact.machine.removeprefix(f"{fact.subject}_")
    return {"state" if field == fact.machine else field: fact.was}


def _shown(fact: Fact) -> tuple[str, int] | None:
    """The object to show: the subject where it has an address of its own, else the order that it belongs to."""
    if fact.subject in addresses():
        return fact.subject, fact.subject_id
    return None if fact.order_id is None else ("order", fact.order_id)


async def _snapshot(db: Database, eyes: Actor, kind: str, number: int) -> Snapshot:
    """Read one object in a transaction of its own: one that cannot be shown keeps no other message back."""
    door, show = addresses()[kind]
    if door.permission is None or not eyes.may(door.permission):
        return Snapshot()
    try:
        async with db.reading(eyes) as tx:
            await scope.demand_reach(tx, kind, number)
            return Snapshot(kind, msgspec.Raw(msgspec.json.encode(await show(tx, number))), tx.now)
    except Refusal as refusal:
        if refusal.kind is Kind.BUSY:
            raise
        return Snapshot()
    except AWAY:
        raise
    except Exception:  # noqa: BLE001 - an object that cannot be shown is a bug, and no reason to say nothing
        log.error("an object could not be shown", object=kind, number=number, exc_info=True)
        return Snapshot()


@cache
def addresses() -> Mapping[str, tuple[Door, Show]]:
    """Every kind of object that has an address of its own, with the handler behind it: what is asked for by GET."""
    found: dict[str, tuple[Door, Show]] = {}
    for resource in app.RESOURCES:
        for route in resource.ROUTES:
            door: Door = route.opt["door"]
            form = _ONE.fullmatch(door.path)
            if (
                door.method == "GET"
                and door.opens == "read"
                and form is not None
                and door.query is None
                and form[1] != "archive"
            ):
                found[form[2]] = (door, route.opt["handler"])
    return found
