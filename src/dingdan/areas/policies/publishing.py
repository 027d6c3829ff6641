"""Publish versions of policies, each for ever, and load the packs that ship with the program."""

import hashlib
from datetime import UTC, datetime, time, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import msgspec

from dingdan.areas.policies import refusals, store
from dingdan.areas.policies.events import PolicyPublished
from dingdan.areas.policies.model import Policy, PolicyDocument
from dingdan.areas.policies.rules import linting
from dingdan.kernel.refusal import refuse_all
from dingdan.kernel.times import local_date
from dingdan.plumbing.tx import Tx


def canonical(document: PolicyDocument) -> bytes:
    """The one way to write a document: UTF-8, keys sorted, no blanks, nothing that is at its default."""
    return msgspec.json.encode(document, order="sorted")


def hash_of(document: PolicyDocument) -> str:
    """The SHA-256 of the canonical text, in hex; orders carry it."""
    return hashlib.sha256(canonical(document)).hexdigest()


async def publish(tx: Tx, merchant_id: int | None, document: PolicyDocument) -> Policy:
    """Publish a version for one merchant, or with None a pack for all. The same again changes nothing.

    Raises everything that is wrong with the document; VersionTaken where the version has other content;
    NoticeTooShort where a changed policy would apply too soon (ECL 34). Earlier versions stay, and so do the orders
    that were placed under them.
    """
    if tx.actor.merchant_id is not None and tx.actor.merchant_id != merchant_id:
        raise refusals.OutOfReach("merchant")
    refuse_all(linting.problems_of(document, canonical(document)))
    policy = Policy(
        id=tx.mint(),
        merchant_id=merchant_id,
        code=document.id,
        version=document.version,
        hash=hash_of(document),
        effective_from=_starts(document),
        document=document,
    )
    earlier = await store.versions(tx, merchant_id, policy.code)
    if same := _same(earlier, policy):
        return same
    _demand_notice(tx, earlier, policy)
    if not await store.add(tx, policy):
        # Somebody else published this version a moment ago.
        same = _same(await store.versions(tx, merchant_id, policy.code), policy)
        assert same is not None
        return same
    tx.announce(PolicyPublished(
        subject_id=policy.id, merchant_id=merchant_id, code=policy.code, version=policy.version, hash=policy.hash
    ))  # fmt: skip
    return policy


def _starts(document: PolicyDocument) -> datetime:
    return datetime.combine(document.effective_from, time(), ZoneInfo(document.zone)).astimezone(UTC)


def _same(earlier: list[Policy], policy: Policy) -> Policy | None:
    """The version as it was published before. Raises VersionTaken where it said something else."""
    same = next((known for known in earlier if known.version == policy.version), None)
    if same is not None and same.hash != policy.hash:
        raise refusals.VersionTaken("version", version=policy.version, policy=policy.code)
    return same


def _demand_notice(tx: Tx, earlier: list[Policy], policy: Policy) -> None:
    """A changed policy is announced first; the version that it replaces says how long before."""
    if not earlier or policy.merchant_id is None:
        return
    days = earlier[0].document.rule_change_notice_days
    if policy.effective_from < tx.now + timedelta(days=days):
        earliest = local_date(tx.now, policy.document.zone) + timedelta(days=days + 1)
        raise refusals.NoticeTooShort("effective_from", days=days, earliest=earliest.isoformat())


def packs() -> list[PolicyDocument]:
    """The documents that ship with the program."""
    folder = files("dingdan.areas.policies") / "packs"
    texts = [
        file.read_bytes() for file in sorted(folder.iterdir(), key=lambda f: f.name) if file.name.endswith(".json")
    ]
    return [msgspec.json.decode(text, type=PolicyDocument) for text in texts]


async def load_packs(tx: Tx) -> list[Policy]:
    """Publish every pack that ships with the program; those that are there already stay as they are."""
    return [await publish(tx, None, document) for document in packs()]
