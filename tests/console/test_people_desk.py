"""People: seen, added, given roles, invited by a link that is shown once, signed out and let go."""

import re

import pytest
from tests import given
from tests.console.conftest import SANDBOX, Desk, Seat

from dingdan.areas import identity
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import decode, encode
from dingdan.overviews import staff_page
from dingdan.plumbing.database import Database

pytestmark = pytest.mark.requirement("issue 6: console")


async def page_of(db: Database, login: str) -> str:
    async with db.reading(SYSTEM) as tx:
        return f"/people/{encode('staff', await staff_page.by_login(tx, login) or 0)}"


async def test_somebody_is_added_invited_changed_and_let_go(db: Database, seat: Seat) -> None:
    admin = await seat("admin")
    await admin.send("/people/add", login="wu", name="吴帆", roles=["finance"])
    assert "吴帆" in await admin.open("/people")
    page = await page_of(db, "wu")
    assert "Finance" in await admin.open(page)
    assert "财务" in await admin.open(page, tongue="zh")
    invited = await admin.send(f"{page}/invite", status=200)
    # It is sent to somebody who has nothing but it.
    assert f">{SANDBOX.callback_url}/welcome/" in invited.text
    link = invited.text.partition("/welcome/")[2].partition("<")[0]
    assert "Choose a password" in await admin.open(f"/welcome/{link}")
    assert link not in await admin.open(page)
    await admin.send(f"{page}/change", name="吴帆", roles=["risk"])
    assert "Risk" in await admin.open(page)
    theirs = await seat("risk", login="wu")
    await theirs.open("/orders")
    await admin.send(f"{page}/dismiss")
    await theirs.open("/orders", status=303)
    assert "Left" in await admin.open(page)
    await admin.send(f"{page}/take-back")
    assert "Active" in await admin.open(page)


async def held_on(desk: Desk, page: str) -> str:
    """What the form for roles says that its reader saw."""
    found = re.search(r'name="held" value="(\w+)"', await desk.open(page))
    assert found is not None
    return found[1]


@pytest.mark.requirement("S-04")
async def test_a_form_that_was_opened_before_gives_no_role_back(db: Database, seat: Seat) -> None:
    admin, other = await seat("admin"), await seat("admin", login="other")
    await admin.send("/people/add", login="wu", name="吴帆", roles=["logistics", "reviewer"])
    page = await page_of(db, "wu")
    opened = await held_on(admin, page)
    await other.send(f"{page}/change", name="吴帆", roles=["reviewer"], held=await held_on(other, page))
    refused = await admin.send(f"{page}/change", status=409, name="吴凡", roles=["logistics", "reviewer"], held=opened)
    assert "identity.staff_moved" in refused.text
    async with db.reading(SYSTEM) as tx:
        assert await tx.fetchval("SELECT roles FROM staff WHERE login = 'wu'") == ["reviewer"]
    await admin.send(f"{page}/change", name="吴凡", roles=["reviewer"], held=await held_on(admin, page))
    assert "吴凡" in await admin.open(page)
    # Whoever was let go meanwhile is not changed unseen either.
    opened = await held_on(admin, page)
    await other.send(f"{page}/dismiss")
    await admin.send(f"{page}/change", status=409, name="吴帆", roles=["reviewer"], held=opened)
    assert "Left" in await admin.open(page)


@pytest.mark.requirement("S-04")
async def test_whoever_is_let_go_at_this_moment_does_not_come_back(db: Database, seat: Seat) -> None:
    admin = await seat("admin")
    await admin.send("/people/add", login="wu", name="吴帆", roles=["finance"])
    page = await page_of(db, "wu")
    staff_id = decode("staff", page.rpartition("/")[2])
    await given.meeting(
        db,
        lambda tx: identity.change_staff(tx, identity.ChangeStaff(staff_id, active=False)),
        lambda: admin.send(f"{page}/change", status=409, name="吴凡", roles=["risk"]),
    )
    assert "Left" in await admin.open(page)


async def test_signing_somebody_out_ends_their_sessions(db: Database, seat: Seat) -> None:
    theirs = await seat("risk", login="wu")
    admin = await seat("admin")
    await admin.send(f"{await page_of(db, 'wu')}/end-sessions")
    await theirs.open("/orders", status=303)


async def test_roles_that_may_not_meet_are_refused(seat: Seat) -> None:
    admin = await seat("admin")
    refused = await admin.send("/people/add", status=409, login="wu", name="吴帆", roles=["finance", "reviewer"])
    assert "吴帆" not in await admin.open("/people")
    assert refused.status_code == 409
    await admin.send("/people/add", status=422, login="", name="吴帆")
    await admin.send("/people/add", status=422, login="wu", name="x" * 5000)


async def test_the_matrix_says_which_role_may_do_what(seat: Seat) -> None:
    html = await (await seat("admin")).open("/people/roles")
    assert "refund.approve" in html
    assert "批准" in await (await seat("admin")).open("/people/roles", tongue="zh")


async def test_others_look_or_do_not(db: Database, seat: Seat, shop: given.Shop) -> None:
    await seat("risk", login="wu")
    page = await page_of(db, "wu")
    lead = await seat("lead")
    assert "Dismiss" not in await lead.open(page)
    await lead.send(f"{page}/dismiss", status=403)
    await (await seat("warehouse")).open("/people", status=403)
    merchant: Desk = await seat("merchant", merchant_id=shop.merchant_id)
    await merchant.open(page, status=404)
    await merchant.send(f"{page}/invite", status=404)


async def test_somebody_takes_some_kinds_of_cases_only(db: Database, seat: Seat, shop: given.Shop) -> None:
    await seat("customer_service", login="wu", merchant_id=shop.merchant_id)
    lead = await seat("manager")
    page = await page_of(db, "wu")
    assert "Kinds of cases" in await lead.open(page)
    await lead.send(f"{page}/skills", kinds=["damage", "loss"])
    await lead.send(f"{page}/skills", kinds=["damage", "loss"])
    refused = await lead.send(f"{page}/skills", status=404, kinds=["damage", "weather"])
    assert "weather" in refused.text
    shown = await lead.open(page, tongue="zh")
    assert [word in shown for word in ('value="damage" checked', 'value="loss" checked')] == [True, True]
    assert (await lead.open("/audit")).count("Takes other kinds of cases now") == 1
    await lead.send(f"{page}/skills")
    assert 'value="damage" checked' not in await lead.open(page)
    other = await given.shop(db)
    await (await seat("merchant", merchant_id=other.merchant_id)).send(f"{page}/skills", status=404, kinds=["damage"])
    await (await seat("reviewer")).send(f"{page}/skills", status=403, kinds=["damage"])
