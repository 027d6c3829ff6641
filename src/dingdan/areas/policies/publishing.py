"""Publish versions of policies, each for ever, and load the packs that ship with the program."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from dingdan.areas.policies import refusals, store
from dingdan.areas.policies.events import PolicyBegan, PolicyDrafted, PolicyPublished, PolicySuperseded
from dingdan.areas.policies.lifecycle import EDITION, EditionState
from dingdan.areas.policies.model import Edition, Policy, PolicyDocument
from dingdan.areas.policies.promises import START
from dingdan.areas.policies.rules import linting
from dingdan.kernel.refusal import refuse_all
from dingdan.kernel.times import local_date
from dingdan.plumbing import deadlines, lifecycles
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx


def canonical(document: PolicyDocument) -> bytes:
    """The one way to write a document: UTF-8, keys sorted, no blanks, nothing that is at its default."""
    return msgspec.json.encode(document, order="sorted")


def hash_of(document: PolicyDocument) -> str:
    """The SHA-256 of the canonical text, in hex; orders carry it."""
    return hashlib.sha256(canonical(document)).hexdigest()


async def publish(tx: Tx, merchant_id: int | None, document: PolicyDocument, *, late: bool = False) -> Policy:
    """Publish a version for one merchant, or with None a pack for all. The same again changes nothing.

    Raises everything that is wrong with the document; VersionTaken where the version has other content;
    NoticeTooShort where a changed policy would apply too soon (ECL 34), or with `late` lets it apply when it may.
    Earlier versions stay, and so do the orders that were placed under them.
    """
    demand_reach(tx, merchant_id)
    if same := await _published(tx, merchant_id, document):
        return same
    await _demand_base(tx, merchant_id, document)
    refuse_all(linting.problems_of(document, canonical(document)))
    edition = await store.lock_edition(tx, merchant_id, document.id, document.version)
    if edition is None:
        edition = await born_edition(tx, merchant_id, document.id, document.version, extends=None, given=None)
    if edition.state is not EditionState.DRAFT:
        # Somebody else published this version a moment ago, or took it back.
        same = await _published(tx, merchant_id, document)
        if same is None:
            raise refusals.NotADraft("version", state=edition.state)
        return same
    return await announce_edition(tx, edition, document, late=late)


async def born_edition(
    tx: Tx, merchant_id: int | None, code: str, label: str, *, extends: str | None, given: Mapping[str, Any] | None
) -> Edition:
    """Begin a version; where somebody else began it a moment ago, theirs, locked."""
    fresh = tx.mint()
    if not await store.draft(tx, fresh, merchant_id, code, label, extends=extends, given=given):
        theirs = await store.lock_edition(tx, merchant_id, code, label)
        assert theirs is not None, "what stands in the way is there"
        return theirs
    tx.announce(PolicyDrafted(
        subject_id=fresh, merchant_id=merchant_id, code=code, version=label, move=born(EDITION, fresh)
    ))  # fmt: skip
    return (await store.editions(tx, [fresh]))[0]


async def announce_edition(tx: Tx, edition: Edition, document: PolicyDocument, *, late: bool = False) -> Policy:
    """Publish a draft that is locked. Raises everything that is wrong with its document, NoticeTooShort."""
    refuse_all(linting.problems_of(document, canonical(document)))
    policy = Policy(
        id=edition.id, merchant_id=edition.merchant_id, code=document.id, version=document.version,
        hash=hash_of(document), effective_from=_starts(document), document=document,
    )  # fmt: skip
    await store.hold_codes(tx, {(policy.merchant_id, policy.code)})
    earlier = await store.versions(tx, policy.merchant_id, policy.code)
    earliest = _earliest(tx, earlier, policy)
    if earliest is not None and late:
        policy = msgspec.structs.replace(policy, effective_from=midnight(earliest, document.zone))
    elif earliest is not None:
        days = earlier[0].document.rule_change_notice_days
        raise refusals.NoticeTooShort("effective_from", days=days, earliest=earliest.isoformat())
    await store.add(tx, policy)
    moved = await lifecycles.move(tx, "policy_editions", EDITION, "announce", [policy.id], announced_at=tx.now)
    tx.announce(PolicyPublished(
        subject_id=policy.id, merchant_id=policy.merchant_id, code=policy.code, version=policy.version,
        hash=policy.hash, move=moved[policy.id],
    ))  # fmt: skip
    if policy.effective_from <= tx.now:
        await start(tx, [policy.id])
    else:
        await deadlines.schedule(tx, START, [deadlines.Due(policy.id, policy.merchant_id, policy.effective_from)])
    return policy


async def start(tx: Tx, ids: Sequence[int]) -> None:
    """The day of announced versions has come: they apply to new orders, and those before them to no new one.

    Which version binds an order goes by the clock; this says so.
    """
    await store.hold_codes(tx, {(one.merchant_id, one.code) for one in await store.editions(tx, ids)})
    found = {one.id: one for one in await store.lock_editions(tx, ids)}
    due = {i: one for i, one in found.items() if one.effective_from is not None and one.effective_from <= tx.now}
    for i in sorted(due, key=lambda i: (due[i].effective_from, i)):
        await _start_one(tx, due[i])


async def _start_one(tx: Tx, one: Edition) -> None:
    """Let one begin, unless one that begins later has begun already: then its time is over before it came."""
    others = await store.others_in_force(tx, one)
    over = [i for i, is_later in others.items() if not is_later] if not any(others.values()) else [one.id]
    moved = await lifecycles.move(tx, "policy_editions", EDITION, "supersede", over, ended_at=tx.now)
    tx.announce(*(PolicySuperseded(subject_id=i, merchant_id=one.merchant_id, move=moved[i]) for i in sorted(moved)))
    if one.id not in over:
        begun = await lifecycles.move(tx, "policy_editions", EDITION, "start", [one.id], began_at=tx.now)
        tx.announce(*(PolicyBegan(subject_id=i, merchant_id=one.merchant_id, move=begun[i]) for i in begun))


async def _demand_base(tx: Tx, merchant_id: int | None, document: PolicyDocument) -> None:
    """A whole document may say what it was written on top of only if that was published with these words."""
    if document.extends is None and document.extends_hash is None:
        return
    code, _, version = (document.extends or "").partition("@")
    base = await store.published(tx, merchant_id, code, version)
    if base is None or base.hash != document.extends_hash:
        raise refusals.BaseUnknown("extends", base=(document.extends or "")[:100], example="cn_statutory@2026.12")


def demand_reach(tx: Tx, merchant_id: int | None) -> None:
    """Raises OutOfReach where somebody writes another merchant's policies, or a merchant the platform's."""
    if tx.actor.merchant_id is not None and tx.actor.merchant_id != merchant_id:
        raise refusals.OutOfReach("merchant")


def midnight(day: date, zone: str) -> datetime:
    """When a day begins there."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _starts(document: PolicyDocument) -> datetime:
    return midnight(document.effective_from, document.zone)


async def _published(tx: Tx, merchant_id: int | None, document: PolicyDocument) -> Policy | None:
    """The version as it was published before. Raises VersionTaken where it said something else."""
    same = await store.published(tx, merchant_id, document.id, document.version, packs_too=False)
    if same is not None and same.hash != hash_of(document):
        raise refusals.VersionTaken("version", version=document.version, policy=document.id)
    return same


def _earliest(tx: Tx, earlier: list[Policy], policy: Policy) -> date | None:
    """The first day that a changed policy may apply from, where it would apply sooner.

    It is announced first; the version that it replaces says how long before.
    """
    days = earlier[0].document.rule_change_notice_days if earlier else 0
    if earlier and policy.effective_from < tx.now + timedelta(days=days):
        return local_date(tx.now, policy.document.zone) + timedelta(days=days + 1)
    return None


@cache
def _packs() -> tuple[PolicyDocument, ...]:
    folder = files("dingdan.areas.policies") / "packs"
    texts = [
        file.read_bytes() for file in sorted(folder.iterdir(), key=lambda f: f.name) if file.name.endswith(".json")
    ]
    return tuple(msgspec.json.decode(text, type=PolicyDocument) for text in texts)


def packs() -> list[PolicyDocument]:
    """The documents that ship with the program."""
    return list(_packs())


async def load_packs(tx: Tx) -> list[Policy]:
    """Publish every pack that ships with the program; those that are there already stay as they are.

    A newer version of one that is there applies when it has been announced long enough.
    """
    known = {(one.code, one.version, one.hash): one for one in await store.packs(tx)}
    if not known and (first := await _load_first(tx)):
        return first
    found = []
    for document in packs():
        same = known.get((document.id, document.version, hash_of(document)))
        found.append(same or await publish(tx, None, document, late=True))
    return found


async def _load_first(tx: Tx) -> list[Policy]:
    """All packs in one go into a database that has none; nothing where somebody else loads them at this moment."""
    made = [
        Policy(id=i, merchant_id=None, code=document.id, version=document.version, hash=hash_of(document),
               effective_from=_starts(document), document=document)
        for i, document in zip(tx.mint_many(len(packs())), packs(), strict=True)
    ]  # fmt: skip
    if not await store.draft_packs(tx, made):
        return []
    await store.add_packs(tx, made)
    ids = [policy.id for policy in made]
    announced = await lifecycles.move(tx, "policy_editions", EDITION, "announce", ids, announced_at=tx.now)
    for policy in made:
        tx.announce(
            PolicyDrafted(subject_id=policy.id, merchant_id=None, code=policy.code, version=policy.version,
                          move=born(EDITION, policy.id)),
            PolicyPublished(subject_id=policy.id, merchant_id=None, code=policy.code, version=policy.version,
                            hash=policy.hash, move=announced[policy.id]),
        )  # fmt: skip
    due = [policy.id for policy in made if policy.effective_from <= tx.now]
    begun = await lifecycles.move(tx, "policy_editions", EDITION, "start", due, began_at=tx.now)
    tx.announce(*(PolicyBegan(subject_id=i, merchant_id=None, move=begun[i]) for i in due))
    await deadlines.schedule(tx, START, [
        deadlines.Due(policy.id, None, policy.effective_from) for policy in made if policy.id not in begun
    ])  # fmt: skip
    return made
