"""What pages show and give away: files that spreadsheets do not run, errors that tell nothing, no sandbox where money is real."""

import csv
import enum
import io
import re
import unicodedata
from typing import Literal, get_args, get_origin

import msgspec
import pytest
import structlog
from tests.attacks.conftest import BOSS, CLERK, PERSONAL, House
from tests.attacks.machine import anonymous, changed, doors, filled, handlers, is_stream, marks, name, sound

from dingdan.areas import access, identity
from dingdan.kernel import cards
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.doing import do
from dingdan.plumbing.settings import Settings
from dingdan.surfaces.shared import news
from dingdan.surfaces.shared.pages import building
from dingdan.surfaces.shared.pages.doors import ListQuery
from dingdan.surfaces.shared.pages.plain import cell

pytestmark = [pytest.mark.requirement("issue 6: attacks"), pytest.mark.timeout(300)]

FORMULAS = (
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A",
    "=cmd|'/C calc'!A0",
    '=HYPERLINK("//x")',
)
# True and False, structs, lists and objects as Python writes them.
INSIDE_OF_A_CELL = re.compile(r"""\b(True|False|None)\b|\w\((\w+=|['"])|[\[({]'|datetime\.|<\w+[.: ]""")
INSIDES = ("Traceback", "asyncpg", "SELECT ", 'relation "', "UndefinedTable", "/src/", ".py", "site-packages", "line ")
# What writes when it is only looked at, and says so: a file that was taken, a key that is offered, a session that begins.
TELLING = (
    "/abuse/handovers/",
    "/archive/{order_id}/case-file",
    "/audit.jsonl",
    "/me/second-factor",
    "/in/",
    "/payout-runs/",
)


@pytest.mark.requirement("S-18")
@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_begins_a_formula_and_none_is_lost(text: str) -> None:
    written = cell(text, "en")
    assert written == f"'{text}"
    out = io.StringIO()
    csv.writer(out).writerow([written, cell("12345678901234567890", "en"), cell("plain", "en")])
    (row,) = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert row == [f"'{text}", "\t12345678901234567890", "plain"]


@pytest.mark.requirement("S-18")
async def test_every_list_is_taken_away_without_formulas_without_people_and_on_record(desks: House) -> None:
    async with desks.db.connection() as connection:
        for table, column in (("merchants", "name"), ("products", "title")):
            await connection.execute(f"""UPDATE {table} SET {column} = '{{"en": "=1+1", "zh": "=1+1"}}'""")
        await connection.execute("UPDATE staff SET name = '@SUM(A1)' WHERE login <> ALL($1)", [BOSS, CLERK])
    headers, wrong, taken = await desks.cookie(CLERK), [], 0
    for door in doors(desks.app, "GET"):
        if door.query is None or not issubclass(door.query, ListQuery):
            continue
        words = desks.words | {"chart": "reason", "code": "sf"}
        asked = sound(door.query, {"merchant": "shop-a", "by": "reason"}) | {"file": "csv"}
        answer = await desks.http.get(filled(door, words), params=asked, headers=headers)
        if not answer.headers["content-type"].startswith("text/csv"):
            continue
        taken += 1
        assert answer.headers["content-disposition"].startswith("attachment; filename=")
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
        cells = [one for row in rows for one in row]
        wrong += [f"{name(door)}: {one!r}" for one in cells if one.startswith(("=", "+", "-", "@", "\r", "\n", "＝"))]
        wrong += [f"{name(door)}: {one!r}" for one in cells if one.startswith("\t") and not one.strip().isdigit()]
        wrong += [f"{name(door)}: tells who bought" for one in cells if any(word in one for word in PERSONAL)]
    assert not wrong, "\n".join(wrong)
    assert taken > 20
    async with desks.db.reading(SYSTEM) as tx:
        assert await tx.fetchval("SELECT count(*) FROM facts WHERE wire = 'staff.list_exported'") >= taken


@pytest.mark.parametrize(("login", "whose"), [(BOSS, {"merchant": "shop-a"}), (CLERK, {})])
async def test_no_cell_of_a_file_is_written_as_the_program_sees_it(
    desks: House, login: str, whose: dict[str, str]
) -> None:
    """Every list that an owner opens, under each of its tabs: what a cell says is words, in the language asked for."""
    headers, wrong, taken = await desks.cookie(login) | {"Accept-Language": "zh"}, [], 0
    words = desks.words | {"chart": "reason", "code": "sf"}
    for door in doors(desks.app, "GET"):
        if door.query is None or not issubclass(door.query, ListQuery):
            continue
        for tab in tabs(door.query):
            asked = sound(door.query, whose | {"by": "reason"}) | tab | {"file": "csv"}
            answer = await desks.http.get(filled(door, words), params=asked, headers=headers)
            if not answer.headers["content-type"].startswith("text/csv"):
                continue
            taken += 1
            for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")):
                wrong += [f"{name(door)} {tab}: {one!r}" for one in row if INSIDE_OF_A_CELL.search(one)]
    assert not wrong, "\n".join(wrong)
    assert taken > 60


def tabs(query: type[ListQuery]) -> list[dict[str, str]]:
    """The list as it opens, and narrowed by every one of the words that a field of it knows."""
    known: list[dict[str, str]] = [{}]
    for field in msgspec.structs.fields(query):
        known += [{field.name: str(one)} for one in choices(field.type) if field.name != "file"]
    return known


def choices(kind: object) -> list[str]:
    """The words that a field of a query knows."""
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return [str(one.value) for one in kind]
    if get_origin(kind) is Literal:
        return [str(one) for one in get_args(kind)]
    return [word for one in get_args(kind) for word in choices(one)]


@pytest.mark.requirement("S-25")
@pytest.mark.parametrize("surface", ["console", "portal"])
async def test_an_error_tells_nothing_about_the_inside(desks: House, portal_house: House, surface: str) -> None:
    """With a table gone everything fails that can: each answer has a number to ask about, and nothing else."""
    house = desks if surface == "console" else portal_house
    headers = await (house.cookie(BOSS) if surface == "console" else house.link())
    async with house.db.connection() as connection:
        for table in ("merchants", "order_lines", "returns", "cases", "policy_editions", "facts"):
            await connection.execute(f"ALTER TABLE {table} RENAME TO away_{table}")
    wrong, failed = [], 0
    for door in doors(house.app):
        if is_stream(door):
            continue
        path, asked = filled(door, house.words), sound(door.body or door.query, house.words | {"chart": "reason"})
        answer = await (
            house.http.get(path, params=asked, headers=headers) if door.method == "GET"
            else house.http.post(path, data=asked, headers=headers)
        )  # fmt: skip
        if answer.status_code == 500:
            failed += 1
            text = answer.text + str(answer.headers)
            wrong += [f"{name(door)}: {word}" for word in INSIDES if word in text]
            if answer.headers["x-request-id"] not in answer.text:
                wrong.append(f"{name(door)}: no number to ask about")
    assert not wrong, "\n".join(wrong)
    assert failed > 20


@pytest.mark.requirement("S-11")
@pytest.mark.parametrize("surface", ["console", "portal"])
async def test_what_is_only_looked_at_changes_nothing(desks: House, portal_house: House, surface: str) -> None:
    """A link or a picture of another site sends the cookies along: it must do no harm."""
    house = desks if surface == "console" else portal_house
    headers = await (house.cookie(BOSS) if surface == "console" else house.link())
    before = await marks(house.db.url)
    for door in doors(house.app, "GET"):
        if not is_stream(door) and not door.path.startswith(TELLING):
            elsewhere = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
            answer = await house.http.get(
                filled(door, house.words), params=sound(door.query, {}), headers=headers | elsewhere
            )
            assert "access-control-allow-origin" not in answer.headers
            assert answer.headers["x-frame-options"] == "DENY"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            policy = answer.headers["content-security-policy"]
            # A letter is looked at in a box of its own, where nothing runs: mail has its looks in its tags.
            assert "unsafe" not in policy or policy.startswith("sandbox; default-src 'none'; style-src 'unsafe-inline'")
    assert changed(before, await marks(house.db.url)) == []


@pytest.mark.requirement("S-28")
async def test_where_money_is_real_there_is_no_sandbox(desks: House) -> None:
    headers = await desks.cookie(CLERK)
    live, wrong = Settings(mode="live"), []
    building.furnish(
        desks.app, desks.db, msgspec.structs.replace(live, data_dir=desks.app.state.settings.data_dir), news.News("")
    )
    desks.db.sandbox = False
    before = await marks(desks.db.url)
    for door in doors(desks.app):
        if door.path.startswith(("/sandbox", "/styleguide", "/developers/key")):
            form = sound(door.body, desks.words) | ({} if door.body else {"fault": "refuse", "times": "1"})
            answer = await (
                desks.http.get(door.path, headers=headers) if door.method == "GET"
                else desks.http.post(door.path, data=form, headers=headers)
            )  # fmt: skip
            if answer.status_code != 404:
                wrong.append(f"{name(door)}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    for login in (BOSS, CLERK, "nobody"):
        assert (await desks.http.get(f"/in/{login}")).status_code == 401
    shown = await desks.http.get("/sign-in")
    assert BOSS not in shown.text
    for path in ("/today", "/developers", "/me"):
        assert 'href="/sandbox' not in (await desks.http.get(path, headers=headers)).text
    assert changed(before, await marks(desks.db.url)) == []
    # And cookies go over TLS only, whatever a proxy in front of us speaks.
    said = await desks.http.post("/language", data={"to": "zh"}, headers=headers)
    assert "Secure" in said.headers["set-cookie"]


@pytest.mark.requirement("S-24")
async def test_the_log_names_who_was_refused_and_why(desks: House) -> None:
    await do(
        desks.db,
        SYSTEM,
        identity.save_staff,
        identity.SaveStaff(desks.number("merchant_id"), "one.lead", "某人", ("lead",)),
    )
    headers = await desks.cookie("one.lead")
    order, refund = desks.words["order_id"], desks.words["refund_id"]
    with structlog.testing.capture_logs() as lines:
        await desks.http.post(f"/refunds/{refund}/approve", headers=headers)
        await desks.http.post(
            f"/orders/{order}/hold", data={"reason": "look"}, headers=headers | {"Origin": "https://evil.example"}
        )
        await desks.http.post(f"/orders/{order}/release", headers=headers)
        await desks.http.post(
            "/sign-in", data={"login": "x\n\x1b[31m{}", "password": "y"}, headers={"Origin": headers["Origin"]}
        )
        await desks.http.get("/orders")
    told = [(line["status"], line["refused"]) for line in lines if line["event"] == "http"]
    assert told == [
        (403, "auth.not_allowed"), (403, "page.foreign_origin"), (409, "order.state_forbids"), (401, "access.secrets_wrong"),
        (303, "page.not_let_in"),
    ]  # fmt: skip
    assert next(line["actor"] for line in lines if line["event"] == "http").startswith("staff:")
    # What somebody typed is in no line, so that nobody writes lines of their own.
    assert "\x1b" not in str(lines)
    # Who looked at whom is a fact.
    await desks.http.post(f"/orders/{order}/reveal", headers=headers)
    async with desks.db.reading(SYSTEM) as tx:
        assert await tx.fetchval("SELECT count(*) FROM facts WHERE wire = 'order.contact_shown'") == 1


# Acts by which money moves, somebody may more, or others are told: they ask for the password again. And those that do not.
GRAVE = (
    "refund.approve", "refund.retry", "refund.consent", "payout.prepare", "payout.approve", "settlement.write",
    "merchant_deposit.write",
    "ledger.reconcile", "staff.manage", "key.manage", "webhook.write", "invoice.write", "abuse.report",
)  # fmt: skip
LIGHT = {
    "/refunds/{refund_id}/ask": "asks the provider and sends nothing", "/q/refunds/look": "only looks",
    "/refunds/{refund_id}/take-back": "keeps money in, and is for haste", "/q/refunds/take-back": "the same",
    "/reconciliation/statements": "compares and books nothing", "/people/{staff_id}/end-sessions": "takes away, and is for haste",
    "/developers/key": "in a sandbox only", "/webhooks/{webhook_endpoint_id}/test": "sends made-up words",
    "/webhooks/{webhook_endpoint_id}/disable": "takes away, and is for haste",
    "/webhooks/{webhook_endpoint_id}/replay": "to where it went before", "/webhooks/{webhook_endpoint_id}/enable": "the same",
    "/deliveries/{webhook_delivery_id}/resend": "the same",
    "/invoices/{invoice_id}/retry": "sends the same paper again", "/webhooks/catch": "in a sandbox only",
    "/webhooks/{webhook_endpoint_id}/answer": "in a sandbox only",
}  # fmt: skip


@pytest.mark.requirement("S-09")
async def test_a_grave_act_asks_for_the_password_again(desks: House) -> None:
    headers = await desks.cookie(CLERK)
    async with desks.db.connection() as connection:
        await connection.execute("UPDATE sessions SET proved_at = proved_at - interval '11 minutes'")
    before, wrong = await marks(desks.db.url), []
    for handler in handlers(desks.app):
        door = handler.opt["door"]
        is_grave = door.method == "POST" and door.permission in GRAVE and door.path not in LIGHT
        if is_grave or handler.opt.get("fresh"):
            how = desks.http.get if door.method == "GET" else desks.http.post
            answer = await how(filled(door, desks.words), headers=headers)
            # A form that was sent keeps what was typed, beside the way to where the password is asked for.
            is_asked = (
                answer.status_code == 303 and answer.headers["location"].startswith("/confirm?next=")
                if door.method == "GET"
                else answer.status_code == 401
                and "page.password_needed" in answer.text
                and "/confirm?next=" in answer.text
            )
            if not is_asked:
                wrong.append(f"{name(door)}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert changed(before, await marks(desks.db.url)) == []
    assert set(LIGHT) <= {door.path for door in doors(desks.app)}


@pytest.mark.requirement("S-04")
async def test_a_role_that_is_taken_away_shuts_the_desk_at_once(desks: House) -> None:
    owner, order = desks.number("merchant_id"), desks.words["order_id"]
    await do(desks.db, SYSTEM, identity.save_staff, identity.SaveStaff(owner, "one.lead", "某人", ("lead",)))
    headers = await desks.cookie("one.lead")
    assert (await desks.http.get(f"/orders/{order}", headers=headers)).status_code == 200
    await do(desks.db, SYSTEM, identity.save_staff, identity.SaveStaff(owner, "one.lead", "某人", ("inspector",)))
    refused = await desks.http.post(f"/orders/{order}/hold", data={"reason": "look"}, headers=headers)
    assert (refused.status_code, (await desks.http.get("/orders", headers=headers)).status_code) == (403, 403)
    await do(
        desks.db,
        SYSTEM,
        identity.save_staff,
        identity.SaveStaff(owner, "one.lead", "某人", ("inspector",), active=False),
    )
    assert (await desks.http.get("/today", headers=headers)).status_code == 303


@pytest.mark.requirement("S-10")
@pytest.mark.requirement("S-11")
async def test_the_door_says_the_same_of_everybody_and_changes_the_session(desks: House) -> None:
    origin = {"Origin": "http://house.test", "Accept-Language": "en"}
    said = set[str]()
    for login in (BOSS, "nobody"):
        answers = [
            await desks.http.post("/sign-in", data={"login": login, "password": f"guess {n}"}, headers=origin)
            for n in range(6)
        ]
        assert [one.status_code for one in answers] == [401] * 6
        said.add("".join(anonymous(one.text, [login]) for one in answers).replace("29 sec", "30 sec"))
    assert len(said) == 1
    # One who is led in with a session that somebody else put into the browser gets another; the old one is over.
    planted = await desks.cookie(CLERK)
    staff = await do(desks.db, SYSTEM, identity.save_staff, identity.SaveStaff(None, "lin.wan", "林晚", ("lead",)))
    invited = await do(desks.db, SYSTEM, access.invite, staff.id)
    await do(desks.db, SYSTEM, access.accept_invitation, invited.secret, "vier Lampen am Fluss")
    form = {"login": "lin.wan", "password": "vier Lampen am Fluss", "next": "/订单"}
    inside = await desks.http.post("/sign-in", data=form, headers=planted)
    assert (inside.status_code, inside.headers["location"]) == (303, "/%E8%AE%A2%E5%8D%95")
    session, device = inside.headers.get_list("set-cookie")
    assert planted["Cookie"].split("=")[1] not in session
    assert all(part in session for part in ("HttpOnly", "SameSite=lax", "Path=/;"))
    assert "Path=/sign-in" in device
    assert (await desks.http.get("/me", headers=planted)).status_code == 303
    mine = {"Cookie": session.partition(";")[0], **origin}
    proved = await desks.http.post("/confirm", data={"password": form["password"], "next": "/me"}, headers=mine)
    again = {"Cookie": proved.headers["set-cookie"].partition(";")[0]}
    assert (await desks.http.get("/me", headers=mine)).status_code == 303
    assert (await desks.http.get("/me", headers=again)).status_code == 200


CARDS = (
    "4111 1111 1111 1111", "4111111111111111", "5500-0055-5555-5559", "３４００００００００００００９", "6212 3456 7890 1232",
    "3530111333300000", "4111\u00a01111\u00a01111\u00a01111", "4111.1111.1111.1111",
)  # fmt: skip


@pytest.mark.requirement("S-31")
def test_only_the_end_of_a_cards_number_is_kept() -> None:
    for card in CARDS:
        for around in ("{}", "卡号{}，谢谢", "pay with {} 12/29 123!", "1, 2 and {}"):
            clean = cards.masked(around.format(card))
            assert card not in clean, card
            assert clean == around.format("••••" + unicodedata.normalize("NFKC", card)[-4:])
    for other in (
        "4111111111111112",
        "SF4111111111111111",
        "ord_4111111111111111",
        "1234567890123456",
        "4310123456789",
        "2026-12-01 10:00:00",
    ):
        assert cards.masked(other) == other


@pytest.mark.requirement("S-31")
async def test_a_card_that_somebody_writes_down_is_kept_nowhere(desks: House, portal_house: House) -> None:
    """4.2: every field for sentences, on both surfaces. A number of a parcel or an account has a field of its own."""
    card = "4111 1111 1111 1111"
    for house in (desks, portal_house):
        headers = await (house.cookie(BOSS) if house is desks else house.link())
        own = house.words | {word.removesuffix("_id"): value for word, value in house.words.items()}
        said = {"text": f"my card {card}", "note": f"my card {card}", "consent": f"my card {card}"}
        for door in doors(house.app, "POST"):
            if door.body is not None:
                await house.http.post(filled(door, house.words), data=sound(door.body, own | said), headers=headers)
        shown = [(await house.http.get(filled(door, house.words), headers=headers)).text for door in doors(house.app, "GET")
                 if door.things and door.permission and not is_stream(door)]  # fmt: skip
        kept = "".join([*(await dump(house)).values(), *shown])
        assert card not in kept
        assert card.replace(" ", "") not in kept
        assert "••••1111" in kept


async def dump(house: House) -> dict[str, str]:
    """Everything that is kept, as text."""
    async with house.db.connection() as connection:
        tables = [
            row[0] for row in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ]
        return {
            table: await connection.fetchval(f"SELECT string_agg(t::text, ' ') FROM \"{table}\" t") or ""
            for table in tables
        }
