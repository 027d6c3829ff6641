"""What buyers show: kept once, compared with what others showed, and within limits."""

import io
import random
import struct
from pathlib import Path

import pytest
from PIL import Image
from tests import given
from tests.areas.returns import road

from dingdan.areas import evidence
from dingdan.areas.returns import ApplyLine
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.plumbing import files, videos
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do


def picture(seed: int, *, size: int = 300, quality: int = 90, form: str = "JPEG") -> bytes:
    """A picture of light and dark fields, as the same seed makes it."""
    dice = random.Random(seed)
    small = Image.new("L", (9, 8))
    small.putdata([dice.randrange(256) for _ in range(72)])
    written = io.BytesIO()
    small.resize((size, size), Image.Resampling.BICUBIC).convert("RGB").save(written, form, quality=quality)
    return written.getvalue()


def box(name: bytes, content: bytes = b"") -> bytes:
    """A box of an MP4."""
    return struct.pack(">I4s", 8 + len(content), name) + content


def film(*, more: bytes = b"", place: bytes = b"+31.2304+121.4737/", media: bytes = b"\x00" * 64) -> bytes:
    """An MP4 as a telephone makes it, with where it was taken."""
    told = box(b"udta", box(b"\xa9xyz", place))
    moov = box(b"moov", box(b"mvhd", b"\x00" * 100) + box(b"trak", box(b"tkhd", b"\x00" * 84) + told) + told)
    return box(b"ftyp", b"isom\x00\x00\x02\x00isommp41") + moov + box(b"mdat", media) + more


@pytest.mark.requirement("issue 5: evidence")
def test_copies_of_a_picture_know_each_other_and_other_pictures_do_not() -> None:
    first = files.draw_anew(picture(1)).likeness
    copy = files.draw_anew(picture(1, size=180, quality=40)).likeness
    others = [files.draw_anew(picture(seed)).likeness for seed in range(2, 12)]

    assert (first ^ copy).bit_count() <= evidence.MOST_UNLIKE
    assert all((first ^ other).bit_count() > evidence.MOST_UNLIKE for other in others)


@pytest.mark.requirement("issue 5: evidence")
def test_plain_pictures_are_compared_with_nothing() -> None:
    plain = io.BytesIO()
    Image.new("RGB", (200, 200), "white").save(plain, "PNG")

    assert evidence.comparable(files.draw_anew(plain.getvalue()).likeness) is None
    assert evidence.comparable(0xFFFF_0000_FFFF_0001) == 0xFFFF_0000_FFFF_0001 - (1 << 64)
    assert evidence.comparable(0x0F0F) == 0x0F0F


@pytest.mark.requirement("issue 5: evidence")
def test_a_video_keeps_its_length_and_tells_no_place() -> None:
    sent = film()
    kept = videos.make_clean(sent)

    assert len(kept) == len(sent)
    assert b"+31.2304" not in kept
    assert videos.make_clean(kept) == kept
    assert kept.count(b"free") == 2


@pytest.mark.requirement("issue 5: evidence")
@pytest.mark.parametrize("content", [
    b"", b"\x00" * 64, picture(1), film() + b"<script>", film(more=box(b"html", b"<svg onload=alert(1)>")),
    film()[:-3], box(b"ftyp", b"isom\x00\x00\x02\x00"), b"\x00\x00\x00\x01ftypisom", film(more=box(b"moov", b"\xff" * 9)),
    box(b"ftyp", b"heic\x00\x00\x02\x00") + box(b"moov") + box(b"mdat"),
    film(more=b"\x00\x00\x00\x01free" + struct.pack(">Q", 1 << 60)), b"PK\x03\x04" + film(),
])  # fmt: skip
def test_what_only_looks_like_a_video_is_refused(content: bytes) -> None:
    with pytest.raises(videos.VideoUnfit):
        videos.make_clean(content)


@pytest.mark.requirement("issue 5: evidence")
def test_a_disk_that_is_nearly_full_is_left_to_the_database(tmp_path: Path) -> None:
    with pytest.raises(files.NoRoomForFiles):
        files.Files(tmp_path, spared=1 << 60).put(b"one")
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []
    assert files.Files(tmp_path).get(files.Files(tmp_path).put(b"one")) == b"one"


@pytest.mark.requirement("issue 5: evidence")
def test_boxes_in_boxes_have_an_end() -> None:
    nested = b""
    for _ in range(500):
        nested = box(b"moov", nested)
    with pytest.raises(videos.VideoUnfit):
        videos.make_clean(box(b"ftyp", b"isom\x00\x00\x02\x00") + nested + box(b"mdat"))


@pytest.mark.requirement("issue 5: evidence")
async def test_what_another_buyer_showed_is_a_reason_to_look(db: Database) -> None:
    shop = await given.shop(db)
    mine = await given.delivered_order(db, shop)
    theirs = await given.delivered_order(db, shop, buyer="somebody")
    await road.shown(db, theirs, mark="a", likeness=0x0F0F_0F0F)
    same = await road.shown(db, mine, mark="a", likeness=None)
    like = await road.shown(db, mine, mark="b", likeness=0x0F0F_0F0E)
    new = await road.shown(db, mine, mark="c", likeness=-0x0F0F_0F0F)
    async with db.reading(SYSTEM) as tx:
        found = await evidence.get(tx, [same, like, new])
    held = await road.applied(db, shop, ApplyLine(1, "SPOILED", mine, 1), evidence=(like,))

    assert [found[i].is_seen_before for i in (same, like, new)] == [True, True, False]
    assert held.review_reasons == ["FAULT_CLAIMED", "EVIDENCE_REUSED"]
    assert await road.shown(db, mine, mark="b") == like


@pytest.mark.requirement("issue 5: evidence")
async def test_a_return_without_a_reason_needs_none_and_is_not_held_up_by_any(db: Database) -> None:
    shop = await given.shop(db)
    theirs = await given.delivered_order(db, shop, buyer="somebody")
    order_id = await given.delivered_order(db, shop)
    await road.shown(db, theirs)
    reused = await road.shown(db, order_id)
    held = await road.applied(db, shop, ApplyLine(1, order_id=order_id, line_no=1), evidence=(reused,))

    assert (held.decision, held.review_reasons) == ("approved", [])


@pytest.mark.requirement("issue 5: evidence")
async def test_evidence_of_others_proves_nothing_for_me(db: Database) -> None:
    shop = await given.shop(db)
    theirs = await given.delivered_order(db, shop, buyer="somebody")
    mine = await given.delivered_order(db, shop)
    number = await road.shown(db, theirs)

    assert await road.refused(db, shop, ApplyLine(1, "SPOILED", mine, 1), evidence=(number, 42)) == [
        ("evidence.unknown", "evidence[0]"), ("evidence.unknown", "evidence[1]"),
    ]  # fmt: skip
    staff = Actor(ActorKind.STAFF, 1, merchant_id=shop.merchant_id, permissions=frozenset({"evidence.read"}))
    other = Actor(ActorKind.STAFF, 2, merchant_id=shop.merchant_id + 1, permissions=frozenset({"evidence.read"}))
    shopfront = Actor(ActorKind.KEY, 3, merchant_id=shop.merchant_id)
    seen = []
    for actor, buyer in (
        (staff, None),
        (shopfront, "somebody"),
        (other, None),
        (shopfront, None),
        (shopfront, "buyer-1"),
    ):
        async with db.transaction(actor) as tx:
            try:
                seen.append((await evidence.seen_by(tx, number, buyer_ref=buyer)).id == number)
            except evidence.EvidenceUnknown:
                seen.append(False)
    assert seen == [True, True, False, False, False]


@pytest.mark.requirement("issue 5: evidence")
async def test_there_is_an_end_to_what_one_order_has(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.paid_order(db, shop)
    wanted = [
        evidence.NewEvidence(order_id=order_id, sort="photo", shot="fault", sha256=f"{n:064x}", size=1, width=1, height=1,
                             likeness=None)
        for n in range(evidence.MOST_OF_ORDER + 1)
    ]  # fmt: skip

    async with db.transaction(SYSTEM) as tx:
        for one in wanted[:-1]:
            await evidence.bring(tx, one)
        with pytest.raises(evidence.TooMuchEvidence):
            await evidence.bring(tx, wanted[-1])
        assert (await evidence.bring(tx, wanted[0])).sha256 == wanted[0].sha256
    with pytest.raises(evidence.NoNameForShot):
        await do(db, SYSTEM, evidence.bring, evidence.NewEvidence(
            order_id=order_id, sort="photo", shot="../x", sha256="a" * 64, size=1, width=1, height=1, likeness=None,
        ))  # fmt: skip
