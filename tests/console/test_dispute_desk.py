"""Disputes at the desk: both sides and our facts side by side, each side's acts in its turn, rulings, a second signature."""

import io
from pathlib import Path

import httpx
import pytest
from PIL import Image
from tests import given
from tests.areas.disputes import court
from tests.console.conftest import HOST, Desk, Seat, built, once_words

from dingdan.areas import disputes
from dingdan.areas.disputes import Dispute
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import encode, spoken
from dingdan.plumbing.database import Database
from dingdan.plumbing.settings import Settings
from dingdan.surfaces.console.returns import dispute_words
from dingdan.surfaces.shared import news
from dingdan.surfaces.shared.pages import building

pytestmark = pytest.mark.requirement("issue 6: console")

RULING = {
    "line_nos": "1", "quantities": "1", "outcomes": "refund", "amounts": "0.00", "fault": "seller", "freight": "seller",
    "rules": ["PLATFORM_PROVED"], "reason": court.WHY,
}  # fmt: skip
LOGIN = "second.judge"


def page(one: Dispute) -> str:
    return f"/disputes/{encode('dispute', one.id)}"


async def state(db: Database, one: Dispute) -> str:
    return str((await court.now(db, one)).state)


async def brought(desk: Desk, one: Dispute, content: bytes, **more: str) -> httpx.Response:
    """A side shows a file with its words, as a browser sends it."""
    return await desk.http.post(
        f"{page(one)}/show", data={"text": "出库时完好。", **more}, files={"files": ("a.jpg", content, "image/jpeg")},
        headers={"Origin": HOST, **desk._cookie()},
    )  # fmt: skip


async def test_an_empty_desk_says_so_and_who_may_not_is_kept_out(seat: Seat) -> None:
    assert "Nobody is at odds." in await (await seat("arbitrator")).open("/q/disputes")
    assert "没有待处理的纠纷。" in await (await seat("customer_service")).open("/q/disputes", tongue="zh")
    await (await seat("finance")).open("/q/disputes", status=403)


async def test_both_sides_and_what_we_know_stand_side_by_side(db: Database, seat: Seat) -> None:
    held = await court.refused(db)
    one = await court.opened(db, held)
    desk = await seat("customer_service")
    html = await desk.open(page(one))
    for words in (
        "杯子裂了。", "What we know", "Delivered", "The evidence does not show", "silence loses", "Seller shows until",
        "/evidence/evd_", "Refund, goods are kept",
    ):  # fmt: skip
        assert words in html, words
    for words in ("平台事实", "举证责任", "逾期承担不利后果"):
        assert words in await desk.open(page(one), tongue="zh"), words
    queue = await desk.open("/q/disputes?turn=seller")
    assert spoken(one.id) in queue
    assert spoken(one.id) not in await desk.open("/q/disputes?turn=platform")


async def test_each_side_shows_in_its_turn_and_brings_files(db: Database, seat: Seat, tmp_path: Path) -> None:
    shop = await given.shop(db)
    held = await court.refused(db, shop=shop)
    one = await court.opened(db, held)
    merchant = await seat("merchant", merchant_id=shop.merchant_id)
    buyers = await seat("customer_service")
    assert "It is the other side&#39;s turn." in await buyers.open(page(one))
    early = await buyers.send(f"{page(one)}/show", status=409, text="还是裂的。")
    assert "dispute.not_your_turn" in early.text
    building.furnish(built(), db, Settings(mode="sandbox", data_dir=tmp_path), news.News(db.url))
    assert (await brought(merchant, one, b"no picture")).status_code == 422
    assert "request.malformed" in (await merchant.send(f"{page(one)}/show", status=422, text="")).text
    await merchant.send(f"{page(one)}/show", status=404, text="出库时完好。", evidence="evd_0J4Q7W2M9X3KD")
    once = once_words(await merchant.open(page(one)))[0]
    drawn = io.BytesIO()
    Image.new("RGB", (8, 8), (40, 90, 60)).save(drawn, "JPEG")
    for _ in range(2):
        assert (await brought(merchant, one, drawn.getvalue(), once=once)).status_code == 303
    await buyers.send(f"{page(one)}/show", text="收到时就裂了。")
    assert await state(db, one) == "deciding"
    html = await merchant.open(page(one))
    for words in ("出库时完好。", "收到时就裂了。"):
        assert html.count(words) == 1, words
    assert html.count('data-sort="image"') == 2


async def test_an_arbitrator_sees_what_a_ruling_costs_rules_and_the_seller_carries_it_out(
    db: Database, seat: Seat
) -> None:
    shop = await given.shop(db)
    one = await court.heard(db, await court.refused(db, shop=shop))
    judge = await seat("arbitrator")
    merchant = await seat("merchant", merchant_id=shop.merchant_id)
    assert "Whose fault" in await judge.open(page(one))
    seen = await judge.open(
        f"{page(one)}/rule?line_nos=1&quantities=1&outcomes=refund&amounts=0&fault=seller&freight=seller"
    )
    for words in ("to the buyer", "The seller, within 24 hours"):
        assert words in seen, words
    assert "给买家" in await judge.open(
        f"{page(one)}/rule?line_nos=1&quantities=1&outcomes=reduce&amounts=5", tongue="zh"
    )
    wrongs: list[dict[str, str | list[str]]] = [
        {"reason": "短"}, {"rules": ["NO_RULE"]}, {"quantities": "99"}, {"amounts": "x"}, {"outcomes": ["refund", "reject"]},
        {"reason": dispute_words.RULING_TEMPLATE["zh"]},
    ]  # fmt: skip
    for wrong in wrongs:
        await judge.send(f"{page(one)}/rule", status=422, **(RULING | wrong))  # type: ignore[arg-type]
    await merchant.send(f"{page(one)}/rule", status=403, **RULING)  # type: ignore[arg-type]
    await judge.send(f"{page(one)}/rule", **RULING)  # type: ignore[arg-type]
    assert await state(db, one) == "ruled"
    for words in (court.WHY, "First ruling", "Who had to prove it has proved it.", "Accept the ruling", "Appeal"):
        assert words in await merchant.open(page(one)), words
    await merchant.send(f"{page(one)}/accept")
    await (await seat("customer_service")).send(f"{page(one)}/accept")
    assert await state(db, one) == "final"
    await merchant.send(f"{page(one)}/comply")
    assert await state(db, one) == "executed"


async def test_an_appeal_goes_to_another_arbitrator(db: Database, seat: Seat) -> None:
    shop = await given.shop(db)
    one = await court.heard(db, await court.refused(db, shop=shop))
    judge, other = await seat("arbitrator"), await seat("arbitrator", login=LOGIN)
    await judge.send(f"{page(one)}/rule", **RULING)  # type: ignore[arg-type]
    merchant = await seat("merchant", merchant_id=shop.merchant_id)
    await merchant.send(f"{page(one)}/appeal", text="出库视频可以证明完好。")
    assert await state(db, one) == "answering"
    await (await seat("customer_service")).send(f"{page(one)}/show", text="视频看不到杯口。")
    assert await state(db, one) == "appealed"
    assert "ruling.not_impartial" in (await judge.send(f"{page(one)}/rule", status=403, **RULING)).text  # type: ignore[arg-type]
    await other.send(
        f"{page(one)}/rule", **(RULING | {"outcomes": "reject", "fault": "buyer", "rules": ["PLATFORM_NOT_PROVED"]})
    )  # type: ignore[arg-type]
    assert await state(db, one) == "final"
    assert "Ruling on the appeal" in await merchant.open(page(one))


async def test_above_a_limit_a_second_one_signs(db: Database, seat: Seat) -> None:
    one = await court.heard(db, await court.refused(db, prices={"MUG": 9_000_00}))
    judge, other = await seat("arbitrator"), await seat("arbitrator", login=LOGIN)
    seen = await judge.open(f"{page(one)}/rule?line_nos=1&quantities=1&outcomes=refund&amounts=0")
    assert "a second arbitrator must sign" in seen
    await judge.send(f"{page(one)}/rule", **RULING)  # type: ignore[arg-type]
    assert await state(db, one) == "deciding"
    assert "You proposed it; somebody else signs." in await judge.open(page(one))
    assert "second signature" in await other.open("/q/disputes")
    now = await court.now(db, one)
    async with db.reading(SYSTEM) as tx:
        (told,) = await disputes.rulings(tx, now)
    await other.send(f"/rulings/{encode('ruling', told.thing.id)}/sign")
    assert await state(db, one) == "ruled"


async def test_it_stands_still_and_goes_on(db: Database, seat: Seat) -> None:
    one = await court.opened(db, await court.refused(db))
    judge = await seat("arbitrator")
    await judge.send(f"{page(one)}/suspend", reason="court", number="(2026)沪01民初1号")
    html = await judge.open(page(one))
    for words in ("(2026)沪01民初1号", "A court or arbitration looks at it", "Let it go on"):
        assert words in html, words
    assert "Paused" in await judge.open("/q/disputes")
    await judge.send(f"{page(one)}/resume", outcome="came_to_nothing")
    assert "It came to nothing" in await judge.open(page(one))


async def test_the_platform_is_asked_from_a_refused_return_and_another_shops_dispute_is_unknown(
    db: Database, seat: Seat
) -> None:
    shop = await given.shop(db)
    held = await court.refused(db, shop=shop)
    merchant = await seat("merchant", merchant_id=shop.merchant_id)
    there = f"/returns/{encode('return', held.id)}"
    made = await merchant.send(f"{there}/platform", issue="visible_fault", outcome="reject", text="商品出库时完好。")
    place = made.headers["location"]
    assert place.startswith("/disputes/dsp_")
    assert "The platform was asked already." in await merchant.open(there)
    stranger = await seat("merchant", merchant_id=(await given.shop(db)).merchant_id)
    await stranger.open(place, status=404)
    await stranger.send(f"{place}/withdraw", status=404)
    await merchant.send(f"{place}/withdraw")
    assert "Withdrawn" in await merchant.open(place)
