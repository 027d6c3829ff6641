"""Every form of both surfaces: from another site, with fields that nobody asked for, too large, twice, and out of turn."""

from time import perf_counter
from typing import Any

import msgspec
import pytest
from tests.attacks.conftest import BOSS, CLERK, HOST, House
from tests.attacks.machine import changed, doors, facts, filled, handlers, is_stream, marks, name, sound

from dingdan.surfaces.shared.doors import Door

pytestmark = [pytest.mark.requirement("issue 6: attacks"), pytest.mark.timeout(300)]

# What browsers say of a page that is not ours, and what programs leave out.
ELSEWHERE = (
    {}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": f"{HOST}.evil.example"},
    {"Origin": "https://evil.example/house.test"},
    {"Sec-Fetch-Site": "cross-site", "Origin": HOST}, {"Sec-Fetch-Site": "same-site", "Origin": HOST},
    {"Origin": "https://evil.example", "X-Forwarded-Host": "evil.example"}, {"Sec-Fetch-Site": "same-origin, cross-site"},
    {"Referer": f"{HOST}/orders"},
)  # fmt: skip
# Columns of tables, and what forms of other systems let through.
FORBIDDEN = (
    "id", "merchant_id", "status", "state", "total", "role", "roles_held", "approved_by", "created_at", "is_admin",
    "actor_id", "order_id",
)  # fmt: skip
# A regular expression that backtracks stands still on one of these.
# Doors that do not look at what comes with a request.
BODILESS = ("/sign-out", "/sandbox/mend", "/my/{order_id}/out", "/my/{order_id}/returns/{return_id}/replacement")
SLOW = ("a" * 60_000 + "!", "1" * 60_000 + "x", " " * 60_000 + "x", "," * 60_000, "(" * 60_000, "-" * 60_000)


def about(house: House, door: Door) -> dict[str, str]:
    """A sound form of a door about things of one's own."""
    own = (
        house.words | {word.removesuffix("_id"): value for word, value in house.words.items()} | {"merchant": "shop-a"}
    )
    return sound(door.body, own)  # type: ignore[return-value]


@pytest.mark.requirement("S-11")
@pytest.mark.parametrize("surface", ["console", "portal"])
async def test_a_form_of_another_site_is_refused_at_every_door(desks: House, portal_house: House, surface: str) -> None:
    house = desks if surface == "console" else portal_house
    cookie = {"Cookie": (await (house.cookie(BOSS) if surface == "console" else house.link()))["Cookie"]}
    before, wrong = await marks(house.db.url), []
    for door in doors(house.app, "POST"):
        for said in ELSEWHERE:
            answer = await house.http.post(filled(door, house.words), data=about(house, door), headers=cookie | said)
            if answer.status_code != 403 or "page.foreign_origin" not in answer.text or "set-cookie" in answer.headers:
                wrong.append(f"{name(door)}: {answer.status_code} for {said}")
    assert not wrong, "\n".join(wrong)
    assert changed(before, await marks(house.db.url)) == []


@pytest.mark.requirement("S-03")
@pytest.mark.parametrize("surface", ["console", "portal"])
async def test_a_field_that_nobody_asked_for_is_refused(desks: House, portal_house: House, surface: str) -> None:
    """A form refuses what it does not know. An act without a form takes nothing, whatever is sent with it."""
    house = desks if surface == "console" else portal_house
    headers = await (house.cookie(BOSS) if surface == "console" else house.link())
    before, wrong = await marks(house.db.url), []
    pages = {door.path for door in doors(house.app, "GET")}
    for door in doors(house.app, "POST"):
        if door.body is None:
            continue
        known = {field.encode_name for field in msgspec.structs.fields(door.body)}
        more = dict.fromkeys(sorted(set(FORBIDDEN) - known), "1")
        answer = await house.http.post(filled(door, house.words), data=about(house, door) | more, headers=headers)
        # A form that is refused is shown again by its page: of a thing that is not there, or is another's, there is none.
        is_shown_again = surface == "portal" or door.path in pages
        if answer.status_code != 422 and not (is_shown_again and answer.status_code == 404):
            wrong.append(f"{name(door)}: {answer.status_code}")
        for kind in (door.body, door.query):
            if kind is not None and not kind.__struct_config__.forbid_unknown_fields:
                wrong.append(f"{name(door)}: {kind.__name__} takes what it does not know")
    assert not wrong, "\n".join(wrong)
    assert changed(before, await marks(house.db.url)) == []


@pytest.mark.requirement("S-20")
@pytest.mark.parametrize("surface", ["console", "portal"])
async def test_long_words_are_refused_at_once(desks: House, portal_house: House, surface: str) -> None:
    """Every field has a bound; no pattern stands still; a list that is asked for too much of says so."""
    house = desks if surface == "console" else portal_house
    headers = await (house.cookie(CLERK) if surface == "console" else house.link())
    wrong = []
    for n, door in enumerate(doors(house.app, "GET", "POST")):
        kind: Any = door.body if door.method == "POST" else door.query
        texts = [one.encode_name for one in msgspec.structs.fields(kind) if "str" in str(one.type)] if kind else []
        texts += ["q", "order", "lines", "login"] if door.why_open else []
        slow = SLOW[n % len(SLOW)]
        sent = dict.fromkeys(texts, slow)
        began = perf_counter()
        if door.method == "POST":
            answer = await house.http.post(filled(door, house.words), data=sent, headers=headers)
        elif not is_stream(door):
            long = {field: slow[: 6_000 // (len(texts) or 1)] for field in texts}
            answer = await house.http.get(
                filled(door, house.words), params=long | {"limit": "1" + "0" * 9}, headers=headers
            )
        else:
            continue
        took = perf_counter() - began
        if answer.status_code >= 500 or took > 2:
            wrong.append(f"{name(door)}: {answer.status_code} after {took:.1f} s")
        if kind is not None and texts and door.permission and answer.status_code == 200:
            wrong.append(f"{name(door)}: took {texts}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.requirement("S-20")
@pytest.mark.parametrize("surface", ["console", "portal"])
async def test_a_door_reads_no_more_than_it_needs(desks: House, portal_house: House, surface: str) -> None:
    """Five megabytes are no words. Only doors that take files read them, and whoever is not let in is not read at all."""
    house = desks if surface == "console" else portal_house
    headers = await (house.cookie(BOSS) if surface == "console" else house.link())
    headers |= {"Content-Type": "application/x-www-form-urlencoded"}
    body, wrong = b"text=" + b"a" * (5 * 1024 * 1024), []
    for handler in handlers(house.app):
        door = handler.opt["door"]
        if door.method != "POST" or handler.opt["takes_files"] or door.path in BODILESS:
            continue
        answer = await house.http.post(filled(door, house.words), content=body, headers=headers)
        if answer.status_code != 413:
            wrong.append(f"{name(door)}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert len([one for one in handlers(house.app) if one.opt.get("takes_files")]) >= 5


@pytest.mark.requirement("S-05")
@pytest.mark.requirement("S-25")
@pytest.mark.parametrize("surface", ["console", "portal"])
async def test_whatever_is_sent_out_of_turn_is_done_or_refused_and_never_half(
    desks: House, portal_house: House, surface: str
) -> None:
    """Every act twice, on things in whatever state they are: each is done and leaves facts, or is refused and leaves none."""
    house = desks if surface == "console" else portal_house
    wrong, done = [], 0
    for _ in range(2):
        headers = await (house.cookie(BOSS) if surface == "console" else house.link())
        known = await facts(house.db)
        for door in doors(house.app, "POST"):
            if door.path in (
                "/sign-out",
                "/me/end-others",
                "/me/password",
                "/my/{order_id}/out",
            ) or door.path.startswith("/sandbox"):
                continue
            answer = await house.http.post(filled(door, house.words), data=about(house, door), headers=headers)
            before, known = known, await facts(house.db)
            if answer.status_code >= 500:
                wrong.append(f"{name(door)}: {answer.status_code} {about(house, door)}")
            if answer.status_code >= 400 and known != before:
                wrong.append(f"{name(door)}: {answer.status_code} and still something was done")
            done += answer.status_code < 400
    assert not wrong, "\n".join(wrong)
    assert done > 10, "almost nothing was done, so that nothing was shown"


async def test_a_word_that_makes_a_form_count_once_is_ones_own(desks: House) -> None:
    """It is no secret against other sites, that is what the origin is for: without it a form counts each time it comes."""
    path = filled(
        next(door for door in doors(desks.app, "POST") if door.path == "/orders/{order_id}/hold"), desks.words
    )
    boss, clerk = await desks.cookie(BOSS), await desks.cookie(CLERK)
    form = {"reason": "look", "once": "a-word-of-the-boss"}
    first = await desks.http.post(path, data=form, headers=boss)
    again = await desks.http.post(path, data=form, headers=boss)
    # What was answered to one is no answer to another, and not to another form.
    other = await desks.http.post(path, data=form, headers=clerk)
    twisted = await desks.http.post(path, data=form | {"reason": "something_else"}, headers=boss)
    assert first.status_code == again.status_code
    assert (other.status_code, twisted.status_code) == (409, 409)
    for once in ("short", "x" * 65, "späßchen-späß", "a b c d e f g h"):
        assert (await desks.http.post(path, data=form | {"once": once}, headers=boss)).status_code == 422
