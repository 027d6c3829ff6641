"""Signing in: who is let in, what a wrong attempt leaves, and that what is stored opens nothing."""

import asyncio
from datetime import UTC, datetime

import msgspec
import pyotp
import pytest

from dingdan.areas import access, identity
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

PASSWORD = "vier Lampen am Fluss"


async def clerk(
    db: Database, *, merchant_id: int | None = None, login: str = "lin.wan", roles: tuple[str, ...] = ("lead",)
) -> int:
    """Somebody of the staff with a password."""
    staff = await do(db, SYSTEM, identity.save_staff, identity.SaveStaff(None, login, "林晚", roles))
    invited = await do(db, SYSTEM, access.invite, staff.id)
    assert await do(db, SYSTEM, access.accept_invitation, invited.secret, PASSWORD) == login
    return staff.id


async def tried(db: Database, password: str = PASSWORD, code: str = "", login: str = "lin.wan") -> access.Tried:
    return await do(db, SYSTEM, access.sign_in, login, password, code, device="Firefox")


async def who(db: Database, secret: str) -> access.Session | None:
    async with db.connection() as connection:
        return await access.find_session(connection, secret)


async def session(db: Database) -> access.Session:
    begun = (await tried(db)).begun
    assert begun is not None
    found = await who(db, begun.secret)
    assert found is not None
    return found


def no(answer: access.Tried) -> str:
    assert answer.begun is None
    assert answer.no is not None
    return answer.no.code


@pytest.mark.requirement("S-11")
async def test_a_session_is_found_by_its_secret_and_nothing_stored_is_one(db: Database) -> None:
    await clerk(db)
    begun = (await tried(db)).begun
    assert begun is not None
    found = await who(db, begun.secret)
    assert found is not None
    assert (found.login, found.roles, found.is_fresh) == ("lin.wan", ("lead",), True)
    async with db.reading(SYSTEM) as tx:
        dump = str(await tx.fetch("SELECT wire, data FROM facts"))
    async with db.connection() as connection:
        dump += str(await connection.fetch("SELECT * FROM sessions")) + str(
            await connection.fetch("SELECT * FROM staff_secrets")
        )
    assert begun.secret not in dump
    assert PASSWORD not in dump
    for wrong in ("", "x", begun.secret + "x", begun.secret[:-1], "é" * 40, "x" * 5_000):
        assert await who(db, wrong) is None


@pytest.mark.requirement("S-11")
async def test_readers_see_no_secrets(db: Database) -> None:
    await clerk(db)
    for table in ("staff_secrets", "sign_in_tries", "sessions", "invitations", "guest_links"):
        with pytest.raises(Exception, match="permission denied"):
            async with db.reading(SYSTEM) as tx:
                await tx.fetch(f"SELECT * FROM {table}")


@pytest.mark.requirement("S-04")
async def test_whoever_is_dismissed_or_loses_a_role_loses_it_at_once(db: Database) -> None:
    await clerk(db)
    begun = (await tried(db)).begun
    assert begun is not None
    await do(db, SYSTEM, identity.save_staff, identity.SaveStaff(None, "lin.wan", "林晚", ("reviewer",)))
    found = await who(db, begun.secret)
    assert found is not None
    assert not found.actor.may("refund.request")
    await do(db, SYSTEM, identity.save_staff, identity.SaveStaff(None, "lin.wan", "林晚", ("reviewer",), active=False))
    assert await who(db, begun.secret) is None
    assert no(await tried(db)) == "access.secrets_wrong"


async def test_wrong_attempts_count_and_pause_even_the_right_password(db: Database) -> None:
    await clerk(db)
    assert no(await tried(db, login="nobody")) == "access.secrets_wrong"
    assert [no(await tried(db, "wrong " * 3)) for _ in range(5)] == ["access.secrets_wrong"] * 5
    assert no(await tried(db)) == "access.paused"
    async with db.connection() as connection:
        await connection.execute("UPDATE sign_in_tries SET locked_until = clock_timestamp()")
    assert (await tried(db)).begun is not None
    assert no(await tried(db, "wrong again")) == "access.secrets_wrong"


async def test_guesses_at_once_are_all_counted(db: Database) -> None:
    await clerk(db)
    answers = await asyncio.gather(*(tried(db, f"guess number {n}") for n in range(12)))
    assert sorted({no(one) for one in answers}) == ["access.paused", "access.secrets_wrong"]
    async with db.connection() as connection:
        assert await connection.fetchval("SELECT max(failed) FROM sign_in_tries") == 5


async def test_signing_out_ends_one_session_and_a_new_password_all_of_them(db: Database) -> None:
    await clerk(db)
    first, second, third = await session(db), await session(db), await session(db)
    await do(db, SYSTEM, access.sign_out, first)
    await do(db, SYSTEM, access.sign_out, first)
    async with db.connection() as connection:
        living = await connection.fetch("SELECT id FROM sessions WHERE ended_at IS NULL")
    assert {row["id"] for row in living} == {second.id, third.id}
    with pytest.raises(access.ProofTooOld):
        await do(
            db, SYSTEM, access.change_password, msgspec.structs.replace(second, is_fresh=False), "another long word!"
        )
    await do(db, SYSTEM, access.change_password, second, "another long word!")
    async with db.connection() as connection:
        living = await connection.fetch("SELECT id FROM sessions WHERE ended_at IS NULL")
    assert [row["id"] for row in living] == [second.id]
    assert no(await tried(db)) == "access.secrets_wrong"


@pytest.mark.parametrize("weak", ["short", "x" * 201, "password1234", "aaaaaaaaaaaaaaaa", "me-is-LIN.WAN-here"])
async def test_a_weak_password_is_refused_and_the_invitation_stays(db: Database, weak: str) -> None:
    staff = await do(db, SYSTEM, identity.save_staff, identity.SaveStaff(None, "lin.wan", "林晚", ("lead",)))
    invited = await do(db, SYSTEM, access.invite, staff.id)
    with pytest.raises(access.PasswordTooWeak):
        await do(db, SYSTEM, access.accept_invitation, invited.secret, weak)
    await do(db, SYSTEM, access.accept_invitation, invited.secret, PASSWORD)
    with pytest.raises(access.InvitationUnusable):
        await do(db, SYSTEM, access.accept_invitation, invited.secret, PASSWORD)


@pytest.mark.requirement("S-09")
async def test_a_second_factor_is_asked_for_and_none_of_its_codes_is_taken_twice(db: Database) -> None:
    await clerk(db)
    mine = await session(db)
    offered = await do(db, SYSTEM, access.offer_second_factor, mine)
    app = pyotp.TOTP(offered.key)
    assert offered.uri.startswith("otpauth://totp/")
    with pytest.raises(access.CodeWrong):
        await do(db, SYSTEM, access.confirm_second_factor, mine, "000000")
    assert (await tried(db)).begun is not None  # Not in use before it was confirmed.
    moment = datetime.now(UTC).timestamp()
    code = app.at(int(moment))
    await do(db, SYSTEM, access.confirm_second_factor, mine, code)
    assert no(await tried(db)) == "access.secrets_wrong"
    assert no(await tried(db, code=code)) == "access.secrets_wrong"  # It was shown when it was confirmed.
    following = app.at(int(moment) + 30)
    assert (await tried(db, code=following)).begun is not None
    assert no(await tried(db, code=following)) == "access.secrets_wrong"
    refused = await do(db, SYSTEM, access.drop_second_factor, mine, following)
    assert isinstance(refused, access.CodeWrong)
    # Guessing within a session ends as soon as guessing at the door does.
    answers = [await do(db, SYSTEM, access.drop_second_factor, mine, f"{n:06d}") for n in range(6)]
    assert isinstance(answers[-1], access.SignInPaused)
    assert await do(db, SYSTEM, access.has_second_factor, mine.actor.id)


async def test_signing_in_by_name_is_for_sandboxes_only(db: Database) -> None:
    await clerk(db)
    assert await who(db, (await do(db, SYSTEM, access.sign_in_by_name, "lin.wan", device="")).secret) is not None
    db.sandbox = False
    with pytest.raises(access.SecretsWrong):
        await do(db, SYSTEM, access.sign_in_by_name, "lin.wan", device="")


async def test_an_old_proof_is_not_fresh_until_shown_again(db: Database) -> None:
    await clerk(db)
    begun = (await tried(db)).begun
    assert begun is not None
    async with db.connection() as connection:
        await connection.execute("UPDATE sessions SET proved_at = proved_at - interval '11 minutes'")
    found = await who(db, begun.secret)
    assert found is not None
    assert not found.is_fresh
    assert (await do(db, SYSTEM, access.prove_again, found, "wrong one here", "")).begun is None
    proved = (await do(db, SYSTEM, access.prove_again, found, PASSWORD, "")).begun
    assert proved is not None
    # What was there before the proof opens nothing any more.
    assert await who(db, begun.secret) is None
    again = await who(db, proved.secret)
    assert again is not None
    assert again.is_fresh
    assert again.id == found.id


@pytest.mark.requirement("S-10")
async def test_strangers_are_paused_whoever_they_guess_at_and_lock_nobody_out(db: Database) -> None:
    await clerk(db)
    mine = (await tried(db)).begun
    assert mine is not None
    wrong = ["access.secrets_wrong"] * 5 + ["access.paused"] * 95
    for login in ("lin.wan", "nobody.of.that.name"):
        answers = [await tried(db, f"guess number {n}", login=login) for n in range(100)]
        assert [no(one) for one in answers] == wrong, login
    # The browser that she signed in with before is told apart, by a word that opens nothing and that nobody else can make.
    at_home = await do(db, SYSTEM, access.sign_in, "lin.wan", PASSWORD, "", device="", known=mine.device)
    assert at_home.begun is not None
    for known in ("", "x", "." + "0" * 64, mine.device[:-1] + "x", mine.device.replace(mine.device[0], "9")):
        assert (
            no(await do(db, SYSTEM, access.sign_in, "lin.wan", PASSWORD, "", device="", known=known)) == "access.paused"
        )
    assert (
        no(await do(db, SYSTEM, access.sign_in, "other", PASSWORD, "", device="", known=mine.device)) != "access.paused"
    )
    # And it is no way to guess on: it is counted as well.
    answers = [
        await do(db, SYSTEM, access.sign_in, "lin.wan", f"wrong {n}", "", device="", known=mine.device)
        for n in range(9)
    ]
    assert no(answers[-1]) == "access.paused"


@pytest.mark.requirement("S-11")
async def test_signing_in_again_ends_what_the_browser_held(db: Database) -> None:
    await clerk(db)
    first = (await tried(db)).begun
    assert first is not None
    second = (await do(db, SYSTEM, access.sign_in, "lin.wan", PASSWORD, "", device="", held=first.secret)).begun
    assert second is not None
    assert await who(db, first.secret) is None
    assert await who(db, second.secret) is not None


async def test_tries_of_long_ago_are_let_go_of(db: Database) -> None:
    await clerk(db)
    for n in range(3):
        await tried(db, "wrong one here", login=f"nobody-{n}")
    async with db.connection() as connection:
        await connection.execute("UPDATE sign_in_tries SET tried_at = tried_at - interval '25 hours'")
        assert no(await tried(db, "wrong one here", login="nobody-9")) == "access.secrets_wrong"
        assert await connection.fetchval("SELECT count(*) FROM sign_in_tries") == 1
