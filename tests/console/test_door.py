"""The door of the console: who comes in, where they are led, and what other sites cannot do."""

import pytest
from tests.console.conftest import HOST, Desk, Seat

from dingdan.areas import access, identity
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.surfaces.console.sign_in import is_loopback

pytestmark = pytest.mark.requirement("issue 6: console")
PASSWORD = "vier Lampen am Fluss"


async def clerk(db: Database) -> None:
    """Somebody with a password."""
    staff = await do(db, SYSTEM, identity.save_staff, identity.SaveStaff(None, "lin.wan", "林晚", ("lead",)))
    invited = await do(db, SYSTEM, access.invite, staff.id)
    await do(db, SYSTEM, access.accept_invitation, invited.secret, PASSWORD)


async def test_whoever_is_not_signed_in_is_led_to_the_door_and_back(db: Database, anybody: Desk) -> None:
    await clerk(db)
    led = await anybody.http.get("/orders?state=held")
    assert (led.status_code, led.headers["location"]) == (303, "/sign-in?next=%2Forders%3Fstate%3Dheld")
    inside = await anybody.send("/sign-in", login="lin.wan", password=PASSWORD, next="/orders?state=held")
    assert inside.headers["location"] == "/orders?state=held"
    cookie = inside.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    again = await anybody.http.get("/orders", headers={"Cookie": cookie.partition(";")[0]})
    assert again.status_code == 200


@pytest.mark.parametrize(
    "to", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "/\x00"]
)
async def test_the_door_leads_to_no_other_site(db: Database, anybody: Desk, to: str) -> None:
    await clerk(db)
    answer = await anybody.http.post(
        "/sign-in", data={"login": "lin.wan", "password": PASSWORD, "next": to}, headers={"Origin": HOST}
    )
    assert answer.headers.get("location", "/") in ("/", "/today")


async def test_a_wrong_password_shows_the_form_again_without_it(db: Database, anybody: Desk) -> None:
    await clerk(db)
    refused = await anybody.send("/sign-in", status=401, login="lin.wan", password="not this one")
    assert "Login, password or code is wrong." in refused.text
    assert "not this one" not in refused.text
    assert 'value="lin.wan"' in refused.text


@pytest.mark.requirement("S-11")
@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-out", "/language", "/theme", "/me/end-others", "/orders/ord_0J4Q7W2M9X3KD/hold"]
)
async def test_a_form_of_another_site_does_nothing(seat: Seat, path: str) -> None:
    desk = await seat("lead")
    for origin in (None, "https://evil.example", "null", "http://house.test.evil.example"):
        refused = await desk.send(path, status=403, origin=origin, reason="other")
        assert "page.foreign_origin" in refused.text
    crossed = await desk.http.post(path, headers={"Origin": HOST, "Sec-Fetch-Site": "cross-site", **desk._cookie()})
    assert crossed.status_code == 403


@pytest.mark.requirement("S-11")
async def test_a_cookie_that_an_attacker_chose_becomes_no_session(db: Database, anybody: Desk) -> None:
    await clerk(db)
    chosen = {"Cookie": "dingdan_session=attacker-chose-this-one", "Origin": HOST}
    inside = await anybody.http.post("/sign-in", data={"login": "lin.wan", "password": PASSWORD}, headers=chosen)
    assert "attacker-chose-this-one" not in inside.headers["set-cookie"]
    assert (await anybody.http.get("/orders", headers=chosen)).status_code == 303


async def test_signing_out_ends_the_session(seat: Seat) -> None:
    desk = await seat("lead")
    await desk.open("/me")
    assert (await desk.send("/sign-out")).headers["location"] == "/sign-in"
    await desk.open("/me", status=303)


@pytest.mark.requirement("S-09")
async def test_an_act_with_consequences_asks_for_the_password_again(db: Database, seat: Seat) -> None:
    desk = await seat("lead")
    async with db.connection() as connection:
        await connection.execute("UPDATE sessions SET proved_at = proved_at - interval '11 minutes'")
    # A page leads to where the password is asked for. A form stays where it is, with what was typed and the way there.
    led = await desk.open_with({}, "/me/second-factor", status=303)
    assert led.headers["location"] == "/confirm?next=%2Fme%2Fsecond-factor"
    origin = {"Origin": HOST, "Referer": f"{HOST}/me", "Accept-Language": "zh", **desk._cookie()}
    for more in ({}, {"HX-Request": "true", "HX-Current-URL": f"{HOST}/me"}):
        kept = await desk.http.post("/me/password", data={"password": "quite another one"}, headers=origin | more)
        assert (kept.status_code, "hx-redirect" in kept.headers) == (401, False)
        assert "page.password_needed" in kept.text
        assert 'href="/confirm?next=%2Fme" target="_blank"' in kept.text
        assert "在新标签页确认身份" in kept.text
        assert "quite another one" not in kept.text
    said = await desk.send("/me/password", status=401, password="quite another one")
    assert "Confirm in a new tab" in said.text


async def test_an_invitation_opens_once(db: Database, anybody: Desk) -> None:
    staff = await do(db, SYSTEM, identity.save_staff, identity.SaveStaff(None, "lin.wan", "林晚", ("lead",)))
    invited = await do(db, SYSTEM, access.invite, staff.id)
    weak = await anybody.send(f"/welcome/{invited.secret}", status=422, password="short")
    assert "access.password_too_weak" in weak.text
    assert (await anybody.send(f"/welcome/{invited.secret}", password=PASSWORD)).headers["location"] == "/sign-in"
    assert (
        "access.invitation_unusable"
        in (await anybody.send(f"/welcome/{invited.secret}", status=410, password=PASSWORD)).text
    )


async def test_names_open_doors_on_this_machine_only() -> None:
    assert all(is_loopback(host) for host in ("127.0.0.1", "localhost", "::1"))
    assert not any(is_loopback(host) for host in ("0.0.0.0", "shop.example", "localhost.evil.example", ""))


@pytest.mark.requirement("S-28")
async def test_a_name_opens_nothing_under_the_name_of_another_site(db: Database, anybody: Desk) -> None:
    """A site whose name leads to this machine asks for that name, whatever it leads to."""
    await clerk(db)
    for host, status in (("127.0.0.1:8080", 303), ("[::1]", 303), ("localhost", 303), ("evil.example", 401), ("", 401)):
        answer = await anybody.http.get("/in/lin.wan", headers={"Host": host})
        assert answer.status_code == status, host
        assert ("lin.wan" in (await anybody.http.get("/sign-in", headers={"Host": host})).text) == (status == 303)


@pytest.mark.requirement("S-17")
async def test_pages_let_nothing_run_but_our_own_files(seat: Seat) -> None:
    desk = await seat("lead")
    answer = await desk.http.get("/orders", headers=desk._cookie())
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["cache-control"] == "no-store"
    assert "<script>" not in answer.text
    assert " style=" not in answer.text
    assert " onclick" not in answer.text


async def test_language_and_theme_are_kept_and_lead_back(anybody: Desk) -> None:
    answer = await anybody.http.post(
        "/language", data={"to": "zh"}, headers={"Origin": HOST, "Referer": f"{HOST}/sign-in?next=/orders"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/orders")
    assert "dingdan_language=zh" in answer.headers["set-cookie"]
    shown = await anybody.http.get("/sign-in", headers={"Cookie": "dingdan_language=zh; dingdan_theme=dark"})
    assert 'lang="zh-CN" data-bs-theme="dark"' in shown.text
    ignored = await anybody.http.post("/theme", data={"to": "evil"}, headers={"Origin": HOST})
    assert "set-cookie" not in ignored.headers
