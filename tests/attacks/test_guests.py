"""Whoever holds the link of one order stays within it, on every page of the portal; and what they send as pictures."""

import io
import re
import struct
import zlib
from itertools import product

import pytest
from PIL import Image
from tests.attacks.conftest import BOSS, HOST, RIVALS_OWN, House
from tests.attacks.machine import anonymous, changed, doors, filled, handlers, is_stream, marks, name, sound
from tests.attacks.test_walls import personal_addresses

from dingdan.areas import access
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.doing import do
from dingdan.plumbing.files import Files

pytestmark = [pytest.mark.requirement("issue 6: attacks"), pytest.mark.timeout(300)]


@pytest.mark.requirement("S-12")
async def test_the_link_of_one_order_opens_no_page_of_another(portal_house: House) -> None:
    """Another order, of this shop or the other, one that never was, a link that was renewed, one that is made up: all alike."""
    house, hers = portal_house, await portal_house.link()
    theirs, kept = house.words["theirs_order_id"], house.words["kept"]
    renewed = {"Cookie": (await house.link("theirs_order_id"))["Cookie"], "Origin": HOST, "Accept-Language": "en"}
    await do(house.db, SYSTEM, access.renew, house.number("theirs_order_id"))
    made_up = hers | {"Cookie": "dingdan_guest=" + "0" * 40}
    empty = hers | {"Cookie": "dingdan_guest="}
    long = hers | {"Cookie": "dingdan_guest=" + "a" * 4_000}
    tries = [(theirs, hers), (kept, hers), (ids.encode("order", 77), hers), (theirs, renewed), (theirs, made_up), (theirs, empty),
             (theirs, long), ("ord_0", hers)]  # fmt: skip
    before, wrong = await marks(house.db.url), []
    for door in doors(house.app):
        if door.permission is None:
            continue
        form = sound(door.body, house.words)
        for order, headers in tries:
            path = filled(door, house.words | {"order_id": order})
            answer = await (house.http.get(path, headers=headers) if door.method == "GET"
                            else house.http.post(path, data=form, headers=headers))  # fmt: skip
            if (
                answer.status_code == 303
                and answer.headers["location"].startswith("/my?order=")
                and answer.text in ("", "null")
            ):
                continue
            wrong.append(f"{name(door)} {order}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert changed(before, await marks(house.db.url)) == []


@pytest.mark.requirement("S-12")
async def test_within_ones_order_the_things_of_another_are_as_unknown_as_those_that_never_were(
    portal_house: House,
) -> None:
    house = portal_house
    known = {
        word: value for word, value in house.words.items() if word.endswith("_id") and not word.startswith("theirs_")
    }
    nowhere = {word: ids.encode(word.removesuffix("_id"), 77) for word in known}
    before, wrong = await marks(house.db.url), []
    within = [door for door in doors(house.app) if door.permission is not None and len(door.things) > 1]
    # An order of the other shop, and one of the same shop.
    for order, door in product((house.words["theirs_order_id"], house.words["kept"]), within):
        own, number = {"order_id": order}, ids.decode("order", order)
        secret = await do(house.db, SYSTEM, access.guest_secret, number)
        headers = {"Cookie": f"dingdan_guest={secret}", "Origin": HOST, "Accept-Language": "en"}
        texts = []
        for words in (known, nowhere):
            path, form = filled(door, words | own | {"agreed": "yes"}), sound(door.body, words)
            answer = await (house.http.get(path, headers=headers) if door.method == "GET"
                            else house.http.post(path, data=form, headers=headers))  # fmt: skip
            if answer.status_code != 404:
                wrong.append(f"{name(door)} at {order}: {answer.status_code} {answer.text[-300:]}")
            texts.append(anonymous(answer.text, words.values()))
        if texts[0] != texts[1]:
            wrong.append(f"{name(door)}: says more of a thing that is somebody's")
    assert not wrong, "\n".join(wrong)
    assert changed(before, await marks(house.db.url)) == []


@pytest.mark.requirement("S-01")
async def test_a_guests_form_that_names_things_of_others_does_nothing_with_them(portal_house: House) -> None:
    house, headers = portal_house, await portal_house.link()
    owner = ids.decode("merchant", house.words["theirs_merchant_id"])
    theirs = {
        word.removeprefix("theirs_").removesuffix("_id"): value
        for word, value in house.words.items()
        if word.startswith("theirs_")
    }
    before = await marks(house.db.url, merchant_id=owner)
    for door in doors(house.app, "POST"):
        if door.body is not None:
            answer = await house.http.post(
                filled(door, house.words),
                data=sound(door.body, theirs | {"wanted": theirs["product"]}),
                headers=headers,
            )
            assert answer.status_code < 500, name(door)
            assert not [word for word in RIVALS_OWN if word in answer.text], name(door)
    assert changed(before, await marks(house.db.url, merchant_id=owner)) == []


@pytest.mark.requirement("S-30")
async def test_no_page_of_the_portal_is_kept_or_names_anybody_in_an_address(portal_house: House) -> None:
    house, wrong, opened = portal_house, [], 0
    for word in ("order_id", "theirs_order_id", "kept_id"):
        words = house.words | {"kept_id": house.words["kept"]}
        words["order_id"] = words[word]
        number = ids.decode("order", words[word])
        secret = await do(house.db, SYSTEM, access.guest_secret, number)
        headers = {"Cookie": f"dingdan_guest={secret}"}
        for door in doors(house.app, "GET"):
            if door.path.startswith("/assets/") or is_stream(door):
                continue
            answer = await house.http.get(filled(door, words), params=sound(door.query, {}), headers=headers)
            opened += answer.status_code == 200
            if "no-store" not in answer.headers["cache-control"]:
                wrong.append(f"{name(door)}: may be kept")
            wrong += [f"{name(door)}: {found}" for found in personal_addresses(answer)]
            if secret in answer.text:
                wrong.append(f"{name(door)}: shows the secret of its link")
    assert not wrong, "\n".join(wrong)
    assert opened > 15


def png(width: int, height: int) -> bytes:
    """A PNG that says it is so large, and is a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def photo(more: bytes = b"") -> bytes:
    """A picture with the place where it was taken, a comment, and whatever is hung behind it."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "<script>alert(1)</script>"
    exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 16.0, 27.0), 3: "E", 4: (120.0, 9.0, 14.0)})
    Image.new("RGB", (64, 48), "red").save(out, "JPEG", exif=exif, comment=b"<script>alert(1)</script>")
    return out.getvalue() + more


HARMFUL = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>',
    "html": b"<!doctype html><script>alert(1)</script>",
    "gif": b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)",
    "huge": png(60_000, 60_000), "bomb": png(40_000, 900), "short": photo()[:200], "empty": b"", "pdf": b"%PDF-1.4 <script>",
    "zip": b"PK\x03\x04" + b"\0" * 60, "elf": b"\x7fELF" + b"\0" * 60, "nul": b"\0" * 1000,
}  # fmt: skip
NAMES = (
    "../../../etc/passwd",
    "..\\..\\evil.exe",
    "a.php\x00.jpg",
    "x" * 400 + ".jpg",
    '"><script>alert(1)</script>.jpg',
    "订单.jpg",
)


@pytest.mark.requirement("S-19")
async def test_a_file_is_a_picture_without_a_past_or_it_is_refused(portal_house: House) -> None:
    house, headers = portal_house, await portal_house.link()
    path = f"/my/{house.words['order_id']}/return/proof"
    async with house.db.connection() as connection:
        known, last = await connection.fetchrow("SELECT count(*), max(id) FROM evidence")
        for sort, content in HARMFUL.items():
            for kind in ("image/jpeg", "image/png", "video/mp4", "image/svg+xml", "text/html"):
                answer = await house.http.post(path, files={"files": (f"a.{sort}", content, kind)}, headers=headers)
                assert answer.status_code == 422, (sort, kind, answer.status_code)
        assert await connection.fetchval("SELECT count(*) FROM evidence") == known
        script = b"\n<script>alert(1)</script>PK\x03\x04"
        for n, called in enumerate(NAMES):
            sent = {"files": (called, photo(script + bytes([n])), "image/jpeg")}
            assert (await house.http.post(path, files=sent, headers=headers)).status_code == 303, called
        rows = await connection.fetch("SELECT id, sha256 FROM evidence ORDER BY id DESC LIMIT 1")
        # Drawn anew: what differed behind the pixels is gone, so all of them are one file.
        files = await connection.fetchval("SELECT count(DISTINCT sha256) FROM evidence WHERE id > $1", last)
    assert files == 1
    kept = Files(house.app.state.settings.data_dir).get(rows[0]["sha256"])
    assert b"script" not in kept
    assert b"GPS" not in kept
    assert dict(Image.open(io.BytesIO(kept)).getexif()) == {}
    shown = await house.http.get(
        f"/my/{house.words['order_id']}/evidence/{ids.encode('evidence', rows[0]['id'])}", headers=headers
    )
    assert (shown.status_code, shown.headers["content-type"], shown.headers["x-content-type-options"]) == (
        200,
        "image/jpeg",
        "nosniff",
    )
    assert "sandbox" in shown.headers["content-security-policy"]
    assert "no-store" in shown.headers["cache-control"]
    other = await house.link("theirs_order_id")
    theirs = f"/my/{house.words['theirs_order_id']}/evidence/{ids.encode('evidence', rows[0]['id'])}"
    assert (await house.http.get(theirs, headers=other)).status_code == 404


@pytest.mark.requirement("S-19")
@pytest.mark.parametrize("surface", ["console", "portal"])
async def test_no_door_that_takes_files_keeps_what_is_none(desks: House, portal_house: House, surface: str) -> None:
    house = desks if surface == "console" else portal_house
    headers = await (house.cookie(BOSS) if surface == "console" else house.link())
    before, wrong, asked = await marks(house.db.url), [], 0
    for handler in handlers(house.app):
        door = handler.opt["door"]
        if not handler.opt.get("takes_files"):
            continue
        form = sound(door.body, house.words) | ({} if door.body else {"provider": "sandbox", "merchant": "shop-a"})
        for sort in ("svg", "html", "huge", "zip", "nul"):
            sent = {"files": ("../../a.jpg", HARMFUL[sort], "image/jpeg")}
            answer = await house.http.post(filled(door, house.words), data=form, files=sent, headers=headers)
            asked += 1
            if answer.status_code >= 500 or (
                answer.status_code < 400 and "csv" not in door.words.lower() and "file" not in door.words
            ):
                wrong.append(f"{name(door)}: {answer.status_code} for {sort}")
    assert not wrong, "\n".join(wrong)
    assert asked > 20
    differing = set(changed(before, await marks(house.db.url)))
    # A provider's file of which no line can be read is a statement with nothing in it.
    assert differing <= {"statements"}, differing


def test_the_corpus_is_what_it_says() -> None:
    assert Image.open(io.BytesIO(photo())).getexif().get_ifd(0x8825)
    assert re.search(rb"<script>", photo(b"<script>"))
