"""Whoever sits at another shop's desk, or at the wrong one, reaches nothing: every page and act, made from the app itself."""

import re
from urllib.parse import unquote

import httpx
import pytest
from tests.attacks.conftest import BOSS, CLERK, PERSONAL, RIVAL, RIVALS_OWN, House
from tests.attacks.machine import anonymous, changed, doors, filled, is_stream, marks, name, sound

from dingdan.areas import identity
from dingdan.areas.identity.permissions import PLATFORM_ROLES
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.doing import do
from dingdan.surfaces.shared.doors import Door

pytestmark = [pytest.mark.requirement("issue 6: attacks"), pytest.mark.timeout(300)]

# Doors with a word in their path that is not somebody's: the same for everybody, or a secret of its own.
NOT_OURS = ("/assets/", "/in/", "/welcome/", "/analytics/", "/rules/")
_ADDRESSES = re.compile(r'(?:href|action|src|hx-get|hx-post|data-href)="([^"]*)"')
# What the ticked rows of a list are, by the list's address.
TICKED = {"/q/returns": "return", "/q/review": "review", "/q/exceptions": "case", "/q/refunds": "refund"}


def about(door: Door) -> str:
    return next((kind for start, kind in TICKED.items() if door.path.startswith(start)), "")


async def knock(house: House, door: Door, words: dict[str, str], headers: dict[str, str]) -> httpx.Response:
    """Open a page, or send the form of an act, filled as its type wants it."""
    path = filled(door, words)
    if door.method == "GET":
        return await house.http.get(path, params=sound(door.query, {}), headers=headers)
    form = sound(door.body, {k.removesuffix("_id"): v for k, v in words.items()} | words, about=about(door))
    return await house.http.post(path, data=form, headers=headers)


@pytest.mark.requirement("S-01")
async def test_the_things_of_another_shop_are_as_unknown_as_those_that_never_were(desks: House) -> None:
    headers = await desks.cookie(RIVAL)
    nowhere = {word: ids.encode(word.removesuffix("_id"), 77) if word.endswith("_id") else "NOWHERE"
               for word in desks.words if not word.startswith("theirs_")}  # fmt: skip
    nowhere["version"] = desks.words["version"]
    words = {word: desks.words[word] for word in nowhere} | {"statement": desks.words["statement_id"]}
    before, wrong = await marks(desks.db.url), []
    for door in doors(desks.app):
        if not door.things or door.path.startswith(NOT_OURS):
            continue
        hers, none = await knock(desks, door, words, headers), await knock(desks, door, nowhere, headers)
        if (hers.status_code, none.status_code) != (404, 404):
            wrong.append(f"{name(door)}: {hers.status_code} {none.status_code} {hers.text[-600:]}")
        elif anonymous(hers.text, words.values()) != anonymous(none.text, nowhere.values()):
            wrong.append(f"{name(door)}: says more of a thing that is somebody's\n{hers.text}\n{none.text}")
    assert not wrong, "\n".join(wrong)
    assert changed(before, await marks(desks.db.url)) == []


@pytest.mark.requirement("S-01")
async def test_a_form_that_names_another_shops_things_does_nothing_with_them(desks: House) -> None:
    """The path is one's own; what the form names is not."""
    headers = await desks.cookie(BOSS)
    theirs = {word.removeprefix("theirs_"): value for word, value in desks.words.items() if word.startswith("theirs_")}
    forms = theirs | {word.removesuffix("_id"): value for word, value in theirs.items()} | {
        "person": theirs["staff_id"], "witness": theirs["staff_id"], "merchant": "shop-b", "wanted": theirs["product_id"],
        "keys": theirs["order_id"], "to": theirs["order_id"],
    }  # fmt: skip
    owner = ids.decode("merchant", theirs["merchant_id"])
    before, wrong = await marks(desks.db.url, merchant_id=owner), []
    for door in doors(desks.app, "POST"):
        if door.body is None or door.permission is None:
            continue
        answer = await desks.http.post(filled(door, desks.words), data=sound(door.body, forms), headers=headers)
        if answer.status_code >= 500:
            wrong.append(f"{name(door)}: {answer.status_code} {sound(door.body, forms)}")
        if [word for word in RIVALS_OWN if word in answer.text]:
            wrong.append(f"{name(door)}: tells who bought there")
    assert not wrong, "\n".join(wrong)
    assert changed(before, await marks(desks.db.url, merchant_id=owner)) == []
    # And nothing of ours points to theirs now.
    numbers = [str(ids.decode(word.removesuffix("_id"), value)) for word, value in theirs.items()]
    assert await mentions(desks, desks.number("merchant_id"), numbers) == []


async def mentions(house: House, merchant_id: int, numbers: list[str]) -> list[str]:
    """The rows of a merchant in which one of these ids stands."""
    async with house.db.connection() as connection:
        tables = await connection.fetch(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'merchant_id'"
        )
        found = []
        for table in tables:
            rows = await connection.fetch(
                f'SELECT t::text AS row FROM "{table[0]}" t WHERE merchant_id = $1 AND t::text ~ $2',
                merchant_id, rf"\m({'|'.join(numbers)})\M",
            )  # fmt: skip
            found += [f"{table[0]}: {row['row'][:300]}" for row in rows]
    return found


@pytest.mark.requirement("S-02")
async def test_each_role_comes_in_where_its_permissions_say_and_nowhere_else(desks: House) -> None:
    merchant_id, wrong = desks.number("merchant_id"), []
    for role in sorted(identity.STAFF_ROLES):
        owner = None if role in PLATFORM_ROLES else merchant_id
        await do(desks.db, SYSTEM, identity.save_staff, identity.SaveStaff(owner, f"one.{role}", "某人", (role,)))
        headers = await desks.cookie(f"one.{role}")
        asked = set[str]()
        for n, door in enumerate(doors(desks.app)):
            shut = door.permission not in (None, "signed_in", *identity.ROLES[role])
            # One door of each permission for each role, and each door for some role: with a path that is nobody's.
            if shut and (door.permission not in asked or (n + len(role)) % 8 == 0):
                asked.add(str(door.permission))
                how = desks.http.get if door.method == "GET" else desks.http.post
                answer = await how(filled(door, {}), headers=headers)
                if answer.status_code != 403 or "auth.not_allowed" not in answer.text:
                    wrong.append(f"{role} {name(door)}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.requirement("S-02")
async def test_whoever_is_not_signed_in_is_led_to_the_door_from_everywhere(desks: House) -> None:
    before, wrong = await marks(desks.db.url), []
    headers = {"Origin": "http://house.test", "Cookie": "dingdan_session=" + "A" * 43}
    for door in doors(desks.app):
        if door.permission is not None:
            how = desks.http.get if door.method == "GET" else desks.http.post
            answer = await how(filled(door, desks.words), headers=headers)
            # A page leads there; what was sent is not thrown away, and says where the door is.
            is_led = answer.headers.get("location", "").startswith("/sign-in?next=")
            is_told = answer.status_code == 401 and 'href="/sign-in?next=' in answer.text
            if not (is_led if door.method == "GET" else is_told):
                wrong.append(f"{name(door)}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert changed(before, await marks(desks.db.url)) == []


@pytest.mark.requirement("S-01")
@pytest.mark.requirement("S-30")
async def test_the_owner_opens_every_page_and_no_address_tells_who_bought(desks: House) -> None:
    """The walks above would prove nothing if their paths were wrong. What is shown is kept by no cache."""
    words = desks.words | {"statement": desks.words["statement_id"], "merchant": "shop-a"}
    codes = {
        "/settings/": "shop-a",
        "/tour/": "find",
        "/carriers/": "sf",
        "/rules/review/": "own_rule",
        "/rules/cases/": "damage",
    }
    opened, wrong = set(), []
    for login in (BOSS, CLERK):
        headers = await desks.cookie(login)
        for door in doors(desks.app, "GET"):
            if door.path.startswith(("/assets/", "/in/", "/welcome/")) or is_stream(door):
                continue
            own = {
                "chart": "reason",
                "code": next((code for at, code in codes.items() if door.path.startswith(at)), ""),
            }
            own |= {"order_id": words["kept"]} if door.path.startswith("/archive/") else {}
            # The rule asks for an amount.
            typed = {"at_least": "100"} if door.path.startswith("/rules/review/") else {}
            asked = sound(door.query, typed | ({"merchant": "shop-a"} if login == CLERK else {}))
            answer = await desks.http.get(filled(door, words | own), params=asked, headers=headers)
            if answer.status_code in (200, 303):
                opened.add(name(door))
            if "no-store" not in answer.headers["cache-control"]:
                wrong.append(f"{name(door)}: may be kept: {answer.headers['cache-control']}")
            wrong += [f"{name(door)}: {found}" for found in personal_addresses(answer)]
    # A version that is in force is not edited, and nothing was caught.
    closed = {name(door) for door in doors(desks.app, "GET")} - opened - {
        "GET /policies/{policy_id}/edit", "GET /caught/{caught_webhook_id}",
    }  # fmt: skip
    wrong += [one for one in closed if not one.startswith(("GET /assets/", "GET /in/", "GET /welcome/", "GET /live"))]
    assert not wrong, "\n".join(wrong)


def personal_addresses(answer: httpx.Response) -> list[str]:
    """Where a page leads to, if the address names somebody: it would stand in histories and in the logs of proxies."""
    led = [*_ADDRESSES.findall(answer.text), answer.headers.get("location", "")]
    return [one for one in map(unquote, led) if any(word in one for word in PERSONAL)]
