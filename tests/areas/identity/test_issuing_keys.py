"""API keys: shown once, never stored, never wider than who gave them, replaced in time, dead once they are over."""

import re
from datetime import timedelta

import pytest

from dingdan.areas import identity
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Refusals
from dingdan.plumbing import clock
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

SHOP, OTHER = 7, 8
OWNER = Actor(ActorKind.KEY, 1, "owner", SHOP, identity.ROLES["merchant"])


def wish(**changes: object) -> identity.IssueKey:
    """A key for the shop's own program."""
    usual = {"merchant_id": SHOP, "staff_id": None, "name": "shop", "scopes": ("order.read", "order.place")}
    return identity.IssueKey(**{**usual, **changes})  # type: ignore[arg-type]


async def who(db: Database, secret: str) -> Actor | None:
    async with db.reading(SYSTEM) as tx:
        return await identity.find_key(tx, secret)


async def staff(db: Database, *roles: str, merchant_id: int | None = SHOP, active: bool = True) -> identity.Staff:
    wanted = identity.SaveStaff(merchant_id, "chen.yi", "陈一", roles, active)
    return await do(db, SYSTEM, identity.save_staff, wanted)


async def test_a_key_opens_what_its_scopes_say_for_its_merchant(db: Database) -> None:
    issued = await do(db, OWNER, identity.issue_key, wish())
    assert re.fullmatch(r"ddk_[A-Za-z0-9_-]{43}", issued.secret)
    actor = await who(db, issued.secret)
    assert actor == Actor(ActorKind.KEY, issued.id, "shop", SHOP, frozenset({"order.read", "order.place"}))


@pytest.mark.requirement("S-11")
async def test_a_dump_of_the_database_opens_nothing(db: Database) -> None:
    """Only the hash of a secret is kept, and the hash is no secret."""
    issued = await do(db, OWNER, identity.issue_key, wish())
    async with db.reading(SYSTEM) as tx:
        rows = await tx.fetch("SELECT row_to_json(k)::text AS text, secret_hash FROM api_keys k")
        facts = await tx.fetch("SELECT row_to_json(f)::text AS text FROM facts f")
    stored = "".join(row["text"] for row in [*rows, *facts])
    assert issued.secret not in stored
    assert issued.secret.encode().hex() not in stored
    assert await who(db, "ddk_" + rows[0]["secret_hash"].hex()) is None


@pytest.mark.requirement("S-04")
async def test_a_revoked_key_opens_nothing_and_is_revoked_once(db: Database) -> None:
    issued = await do(db, OWNER, identity.issue_key, wish())
    await do(db, OWNER, identity.revoke_key, issued.id)
    await do(db, OWNER, identity.revoke_key, issued.id)
    assert await who(db, issued.secret) is None
    async with db.reading(SYSTEM) as tx:
        assert [row["wire"] for row in await tx.fetch("SELECT wire FROM facts ORDER BY id")] == [
            "key.issued",
            "key.revoked",
        ]
        assert [key.revoked_at is not None for key in await identity.list_keys(tx, SHOP, Page())] == [True]


@pytest.mark.parametrize("secret", ["", "ddk_", "ddk_" + "x" * 43, "x" * 47, "ddk_钥匙", "ddk_" + "x" * 5000, "ddk_\0"])
async def test_rubbish_opens_nothing(db: Database, secret: str) -> None:
    assert await who(db, secret) is None


@pytest.mark.requirement("S-04")
async def test_a_key_of_a_person_acts_as_that_person_within_its_scopes(db: Database) -> None:
    """What the person may do now counts, not what they could when the key was made."""
    member = await staff(db, "reviewer")
    issued = await do(db, SYSTEM, identity.issue_key, wish(staff_id=member.id, scopes=("order.read", "return.decide")))
    assert await who(db, issued.secret) == Actor(
        ActorKind.STAFF, member.id, "陈一", SHOP, frozenset({"order.read", "return.decide"})
    )
    await staff(db, "logistics")
    assert (await who(db, issued.secret)).permissions == frozenset({"order.read"})  # type: ignore[union-attr]
    await staff(db, "logistics", active=False)
    assert await who(db, issued.secret) is None


@pytest.mark.requirement("S-02")
async def test_a_key_never_widens_what_its_person_may_do(db: Database) -> None:
    member = await staff(db, "reviewer")
    with pytest.raises(identity.ScopeBeyondStaff) as refused:
        await do(db, SYSTEM, identity.issue_key, wish(staff_id=member.id, scopes=("order.read", "refund.approve")))
    assert refused.value.path == "scopes[1]"


@pytest.mark.requirement("S-02")
async def test_nobody_gives_more_than_they_have(db: Database) -> None:
    with pytest.raises(Refusals) as refused:
        await do(db, OWNER, identity.issue_key, wish(scopes=("refund.approve", "order.read", "fly", "work.do")))
    assert [(problem.code, problem.path) for problem in refused.value.problems] == [
        ("identity.grant_too_wide", "scopes[0]"),
        ("identity.permission_unknown", "scopes[2]"),
        ("identity.grant_too_wide", "scopes[3]"),
    ]


@pytest.mark.requirement("S-02")
async def test_a_key_makes_no_keys_unless_it_may(db: Database) -> None:
    issued = await do(db, OWNER, identity.issue_key, wish())
    key = await who(db, issued.secret)
    assert key is not None
    with pytest.raises(identity.PermissionMissing):
        await do(db, key, identity.issue_key, wish(scopes=("order.read",)))
    with pytest.raises(identity.PermissionMissing):
        await do(db, key, identity.revoke_key, issued.id)


@pytest.mark.requirement("S-01")
@pytest.mark.parametrize("merchant_id", [OTHER, None])
async def test_a_merchants_key_is_for_that_merchant(db: Database, merchant_id: int | None) -> None:
    with pytest.raises(identity.OtherMerchant):
        await do(db, OWNER, identity.issue_key, wish(merchant_id=merchant_id))


@pytest.mark.requirement("S-01")
@pytest.mark.parametrize("merchant_id", [OTHER, None])
async def test_a_merchant_cannot_speak_for_somebody_elses_staff(db: Database, merchant_id: int | None) -> None:
    stranger = await staff(db, "reviewer", merchant_id=merchant_id)
    for staff_id in (stranger.id, 12345):
        with pytest.raises(identity.StaffUnknown):
            await do(db, OWNER, identity.issue_key, wish(staff_id=staff_id, scopes=("order.read",)))


async def test_platform_staff_may_have_a_key_that_reaches_one_merchant(db: Database) -> None:
    member = await staff(db, "risk", merchant_id=None)
    issued = await do(db, SYSTEM, identity.issue_key, wish(staff_id=member.id, scopes=("order.read",)))
    assert (await who(db, issued.secret)).merchant_id == SHOP  # type: ignore[union-attr]


@pytest.mark.requirement("S-01")
async def test_another_merchants_key_is_a_key_that_does_not_exist(db: Database) -> None:
    issued = await do(db, SYSTEM, identity.issue_key, wish(merchant_id=OTHER))
    for key_id in (issued.id, 12345):
        with pytest.raises(identity.KeyUnknown):
            await do(db, OWNER, identity.revoke_key, key_id)
    assert await who(db, issued.secret) is not None


async def test_a_key_that_may_do_nothing_or_has_no_name_is_refused(db: Database) -> None:
    with pytest.raises(Refusals) as refused:
        await do(db, OWNER, identity.issue_key, wish(name="\n", scopes=()))
    assert {problem.path for problem in refused.value.problems} == {"name", "scopes"}


async def held(db: Database, *secrets: str) -> list[bool | None]:
    """Whether each secret is over; None for one that opens nothing."""
    async with db.connection() as connection:
        found = await identity.find_keys(connection, secrets)
    return [found[one].expired_at is not None if one in found else None for one in secrets]


async def stored(db: Database, key_id: int) -> identity.ApiKey:
    """A key as it lies."""
    async with db.reading(SYSTEM) as tx:
        return next(key for key in await identity.list_keys(tx, None, Page(200)) if key.id == key_id)


@pytest.mark.requirement("issue 6: console")
async def test_a_key_is_over_when_its_time_is(db: Database) -> None:
    async with db.reading(SYSTEM) as tx:
        now = tx.now
    issued = await do(db, OWNER, identity.issue_key, wish(expires_at=now + timedelta(days=1)))
    assert await held(db, issued.secret) == [False]
    await do(db, SYSTEM, clock.advance, timedelta(days=1, seconds=5))
    assert await held(db, issued.secret) == [True]
    assert await who(db, issued.secret) is None
    for end in (now, now + timedelta(days=9999)):
        with pytest.raises(identity.KeyEndUnusable) as refused:
            await do(db, OWNER, identity.issue_key, wish(expires_at=end))
        assert refused.value.path == "expires_at"


@pytest.mark.requirement("issue 6: console")
async def test_a_key_is_replaced_once_and_both_work_for_the_overlap(db: Database) -> None:
    async with db.reading(SYSTEM) as tx:
        now = tx.now
    first = await do(db, OWNER, identity.issue_key, wish(expires_at=now + timedelta(days=90)))
    second = await do(db, OWNER, identity.replace_key, first.id, overlap=timedelta(hours=24))
    assert await held(db, first.secret, second.secret) == [False, False]
    old, new = await stored(db, first.id), await stored(db, second.id)
    assert (new.scopes, new.name, old.successor_id) == (old.scopes, old.name, new.id)
    assert new.expires_at is not None
    assert new.expires_at - new.created_at == timedelta(days=90) - (old.created_at - now)
    with pytest.raises(identity.KeyNotInForce):
        await do(db, OWNER, identity.replace_key, first.id, overlap=timedelta())
    await do(db, SYSTEM, clock.advance, timedelta(hours=25))
    assert await held(db, first.secret, second.secret) == [True, False]
    third = await do(db, OWNER, identity.replace_key, second.id, overlap=timedelta())
    assert await held(db, second.secret, third.secret) == [None, False]
    with pytest.raises(identity.OverlapUnusable):
        await do(db, OWNER, identity.replace_key, third.id, overlap=timedelta(days=31))
    other = Actor(ActorKind.KEY, 2, "other", OTHER, identity.ROLES["merchant"])
    with pytest.raises(identity.KeyUnknown):
        await do(db, other, identity.replace_key, third.id, overlap=timedelta())


@pytest.mark.requirement("issue 6: console")
async def test_nobody_replaces_a_key_that_may_do_more_than_they(db: Database) -> None:
    wide = await do(db, SYSTEM, identity.issue_key, wish(scopes=("order.read", "refund.approve")))
    with pytest.raises(identity.GrantTooWide):
        await do(db, OWNER, identity.replace_key, wide.id, overlap=timedelta())
    assert (await stored(db, wide.id)).successor_id is None


@pytest.mark.requirement("issue 6: console")
async def test_use_is_written_once_a_minute(db: Database) -> None:
    issued = await do(db, OWNER, identity.issue_key, wish())
    seen = []
    for minutes in (0, 0, 2):
        await do(db, SYSTEM, clock.advance, timedelta(minutes=minutes))
        async with db.connection() as connection:
            await identity.note_use(connection, [issued.id])
        seen.append((await stored(db, issued.id)).last_used_at)
    assert seen[0] == seen[1] != seen[2]
