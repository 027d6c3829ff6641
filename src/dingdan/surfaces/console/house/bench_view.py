"""The inspection station drawn: the unit in hand, what each key would come to, and what speaks against going on."""

from collections.abc import Mapping
from typing import Any

import msgspec

from dingdan.areas import catalog, inspection, inventory, policies, refunds, returns
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console.house import bench_state
from dingdan.surfaces.console.house.bench_state import GRADES, Bench
from dingdan.surfaces.shared.pages import naming, vocabulary
from dingdan.surfaces.shared.pages.screens import Fuse

GRADE_WORDS = {
    "A": Text("A  As new", "A 可直接再售"), "B": Text("B  Light flaw", "B 轻微瑕疵"),
    "C": Text("C  Clearly used", "C 明显使用痕迹"), "D": Text("D  Defective", "D 残次"),
}  # fmt: skip
BINS = {
    "restock": Text("back to stock", "回良品仓"), "repack": Text("repack", "重新包装"), "open_box": Text("open box", "开箱折扣区"),
    "refurbish": Text("refurbish", "翻新区"), "vendor": Text("back to the vendor", "退供应商"), "liquidate": Text("liquidate", "清仓处理"),
    "donate": Text("donate", "捐赠"), "scrap": Text("destroy", "报废"), "send_back": Text("back to the buyer", "寄回买家"),
    "quarantine": Text("quarantine", "隔离区"),
}  # fmt: skip
NEEDS = {
    "sample": Text("a second look by sample", "抽检复核"), "value": Text("a second look: high value", "高价值复核"),
    "weight": Text("a second look: the weight differs", "重量异常复核"), "lab": Text("a laboratory", "送检"),
    "watched": Text("a second look", "需复核"),
}  # fmt: skip
SHOWS = {
    "unpacking": Text("unpacking", "开箱"), "deviation": Text("what is wrong", "异常处"), "serial": Text("serial number", "序列号"),
}  # fmt: skip


class Stop(msgspec.Struct, frozen=True):
    """Why the line stands still until somebody says OK."""

    text: Text
    hint: Text
    # What a code was that does not belong here: it can be set aside with it.
    code: str = ""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the return on the bench."""

    line_no: int
    title: Text
    sku: str
    gtin: str
    announced: int
    received: int
    done: int
    reason: Text
    is_at: bool
    href: str
    serials: int


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One key: what it means, where the goods go and what money follows, before it is pressed."""

    key: str
    text: Text
    bin: Text
    amount: Money | None
    href: str
    why_not: Text | None = None


def scanned(
    desk: returns.Desk, offers: Mapping[int, catalog.Offer], bench: Bench, code: str
) -> tuple[Bench, Stop | None]:
    """What a scan does: a unit of the return is in hand, or everything stops."""
    said = code.strip()
    if bench.at is not None and desk.packed[bench.at].serials and not bench.serial:
        return _numbered(desk, bench, said)
    for line in desk.lines:
        if said in desk.packed[line.line_no].serials:
            return _next(desk, bench, line.line_no, said)
    done = bench.counted()
    own = [line.line_no for line in desk.lines if said in _codes(desk, offers, line)]
    if not own:
        return bench, Stop(
            Text("This is not part of the return.", "该商品不在此退货单中。"),
            Text("Set it aside as something else or as another order's, or scan again.", "可作为错寄或其他订单商品单独登记，或重新扫描。"),
            said,
        )  # fmt: skip
    left = [line.line_no for line in desk.lines if line.line_no in own and done[line.line_no] < line.quantity]
    if not left:
        return bench, Stop(
            Text("All units of this item were scanned already.", "该商品的件数已扫满。"),
            Text("Is it one more than announced? Then set it aside. Scanned twice? Then go on.", "多寄的请单独登记；重复扫描请忽略。"),
            said,
        )  # fmt: skip
    return _next(desk, bench, left[0], "")


def _numbered(desk: returns.Desk, bench: Bench, said: str) -> tuple[Bench, Stop | None]:
    assert bench.at is not None
    if said not in desk.packed[bench.at].serials:
        found = Stop(
            Text("This serial number did not leave with the order.", "该序列号与出库记录不符。"),
            Text("It was kept with the unit, which counts as another thing. Undo if you misread.", "已记录，该件将视为非原商品；读错请撤销。"),
        )  # fmt: skip
        return msgspec.structs.replace(bench, serial=said[:64].replace("~", "-")), found
    if said in {unit.serial for unit in bench.units}:
        return bench, Stop(
            Text("This serial number was read already.", "该序列号已扫过。"),
            Text("Read the other one.", "请扫描另一件。"),
        )
    return msgspec.structs.replace(bench, serial=said), None


def _next(desk: returns.Desk, bench: Bench, line_no: int, serial: str) -> tuple[Bench, Stop | None]:
    if bench.at is not None:
        return bench, Stop(
            Text("The unit before has no grade yet.", "上一件尚未定级。"),
            Text("Press F1 to F4 for it first.", "请先按 F1–F4 定级。"),
        )  # fmt: skip
    if serial and serial in {unit.serial for unit in bench.units}:
        return bench, Stop(
            Text("This serial number was read already.", "该序列号已扫过。"),
            Text("Read the other one.", "请扫描另一件。"),
        )
    return bench.taken(line_no, serial), None


def _codes(desk: returns.Desk, offers: Mapping[int, catalog.Offer], line: returns.ReturnLine) -> set[str]:
    offer = offers.get(line.product_id)
    gtin = offer.gtin if offer else None
    return {desk.sold[line.line_no].sku, *([gtin, gtin.lstrip("0"), gtin.zfill(13), gtin.zfill(14)] if gtin else [])}


async def offers_of(tx: Tx, desk: returns.Desk) -> dict[int, catalog.Offer]:
    """The products of a return, with the numbers below their bars."""
    return await catalog.by_ids(tx, {line.product_id for line in desk.lines})


async def refunded(tx: Tx, held: returns.Return) -> int | None:
    """What went back for a return, or is about to; None where nothing does."""
    if held.refund_id is None:
        return None
    return (await refunds.get_one(tx, held.refund_id)).amount


async def drawn(tx: Tx, desk: returns.Desk, bench: Bench, stop: Stop | None) -> dict[str, Any]:
    """All that the template shows of one return."""
    held, here = desk.held, f"/station/inspect/{naming.ref('return', desk.held.id)}"
    offers = await offers_of(tx, desk)
    place = (await inventory.warehouses(tx, [held.warehouse_id]))[held.warehouse_id]
    seller = (await naming.merchant_names(tx, [held.merchant_id]))[held.merchant_id]
    clocks = [one for one in await deadlines.of_subjects(tx, [held.id]) if one.kind == returns.INSPECT_BY.name]
    pictures = (await inspection.pictures_of(tx, [held.id]))[held.id]
    lines = _lines(desk, offers, bench, here)
    is_all = bench.at is None and bool(bench.units) and all(line.done >= line.received for line in lines)
    known = {line.line_no for line in lines}
    if bench.at is not None and bench.at not in known:
        raise returns.LineUnknown("query.at")
    money = await _consequences(tx, desk, bench, here)
    return {
        "held": held, "here": here, "place": naming.in_tongues(place.name), "seller": seller, "number": naming.spoken(held.id),
        "order": naming.spoken(held.order_id), "query": bench.query(), "lines": lines, "bench": bench, "stop": stop,
        "chips": [vocabulary.chip("return_journey", held.journey), vocabulary.chip("return_decision", held.decision)],
        "resolution": str(held.resolution), "due": Fuse(clocks[0].at if clocks else None, tx.now),
        "checks": [] if bench.at is None else _checks(desk, bench, here), "recipe": "" if bench.at is None else bench_state.recipe_of(desk, bench.at).code,
        "wants_serial": bench.at is not None and bool(desk.packed[bench.at].serials) and not bench.serial,
        "pictures": pictures, "wanted": desk.document.inspection.pictures, "shows": SHOWS, "units": _units(desk, bench),
        "undo": f"{here}?{bench.undone().query()}", "is_all": is_all, "step": _step(bench, is_all),
        "transit": None if bench.at is None else _turned_transit(desk, bench, here),
        "first": desk.first, "is_mine": desk.first is not None and desk.first.taken_by == (tx.actor.id or 0),
        "missing": sum(max(0, line.announced - line.done) for line in lines), "needs": NEEDS, "is_received": held.journey is returns.Journey.RECEIVED,
        "picture_ref": lambda number: naming.ref("inspection_picture", number), **money,
    }  # fmt: skip


def _lines(desk: returns.Desk, offers: Mapping[int, catalog.Offer], bench: Bench, here: str) -> list[Line]:
    done = bench.counted()
    found = []
    for line in desk.lines:
        sold, offer = desk.sold[line.line_no], offers.get(line.product_id)
        reason = desk.document.reasons.get(line.reason)
        is_here = desk.held.journey is returns.Journey.RECEIVED
        found.append(Line(
            line_no=line.line_no, title=naming.in_tongues(sold.title), sku=sold.sku, gtin=(offer.gtin or "") if offer else "",
            announced=line.quantity, received=line.received if is_here else line.quantity, done=done[line.line_no],
            reason=Text(reason.en, reason.zh) if reason else Text(line.reason, line.reason), is_at=bench.at == line.line_no,
            href=f"{here}?{bench.query(scan=sold.sku)}", serials=len(desk.packed[line.line_no].serials),
        ))  # fmt: skip
    return found


def _checks(desk: returns.Desk, bench: Bench, here: str) -> list[tuple[policies.Check, Text, bool, str]]:
    assert bench.at is not None
    return [
        (check, Text(check.en, check.zh), check.code not in bench.failed, f"{here}?{bench.turned(check.code).query()}")
        for check in bench_state.recipe_of(desk, bench.at).checks
    ]


def _turned_transit(desk: returns.Desk, bench: Bench, here: str) -> str | None:
    if desk.held.transit_risk != "ours":
        return None
    return f"{here}?{msgspec.structs.replace(bench, is_from_transit=not bench.is_from_transit).query()}"


def _units(desk: returns.Desk, bench: Bench) -> list[tuple[str, int, Text, str, list[Text]]]:
    """What is done: SKU, units, where it goes, its grade, and the checks that said no."""
    said = bench_state.findings(desk, bench.units, with_rest=False)
    found: list[tuple[str, int, Text, str, list[Text]]] = []
    for line in said:
        answers = line.checks or {}
        spoke = [
            Text(one.en, one.zh)
            for one in bench_state.recipe_of(desk, line.line_no).checks
            if not answers.get(one.code, True)
        ]
        found.append((desk.sold[line.line_no].sku, line.quantity, BINS[line.disposition], line.grade, spoke))
    return found


def _step(bench: Bench, is_all: bool) -> int:
    if is_all:
        return 5
    return 2 if bench.at is None else 3


async def _consequences(tx: Tx, desk: returns.Desk, bench: Bench, here: str) -> dict[str, Any]:
    """What the keys would come to: the grade for the shelf, `intact` for the money, and old against new at the end."""
    clean = bench_state.findings(desk, (), with_rest=True)
    asked: list[tuple[inspection.InspectedLine, ...]] = [clean]
    variants = {}
    if bench.at is not None:
        sound, spoilt, code = _intact(desk, bench)
        variants = {"yes": sound, "no": spoilt}
        for one in (sound, spoilt):
            units = (*bench.units, msgspec.structs.replace(one, serial=bench.serial).in_hand("D"))
            asked.append(bench_state.findings(desk, [unit for unit in units if unit], with_rest=True))
    else:
        asked.append(bench_state.findings(desk, bench.units, with_rest=False))
        code = ""
    seen = await returns.foresee(tx, desk.held.id, asked)
    currency = desk.order.currency
    made: dict[str, Any] = {"old": _money(seen[0], currency), "choices": [], "intact": None, "outcome": None}
    if bench.at is None:
        made["outcome"] = seen[1]
        made["new"] = _money(seen[1], currency)
        made["problems_now"] = [one for one in seen[1].problems if bench.units]
        return made
    is_intact = not _spoilt(desk, bench)
    made["new"] = _money(seen[1 if is_intact else 2], currency)
    made["problems_now"] = []
    made["choices"] = [_choice(desk, bench, key, made["new"], here) for key in GRADES]
    made["intact"] = {
        "is": is_intact, "yes": _money(seen[1], currency), "no": _money(seen[2], currency), "clause": code,
        "href": f"{here}?{variants['no' if is_intact else 'yes'].query()}",
    }  # fmt: skip
    left = desk_left(desk, bench)
    made["all_left"] = (
        (left, f"{here}?{bench.graded('A', left).query()}")
        if left > 1 and not bench.failed and not bench.serial
        else None
    )
    return made


def desk_left(desk: returns.Desk, bench: Bench) -> int:
    """How many units of the line in hand are not done yet."""
    line = next(one for one in desk.lines if one.line_no == bench.at)
    is_here = desk.held.journey is returns.Journey.RECEIVED
    return (line.received if is_here else line.quantity) - bench.counted()[line.line_no]


def _choice(desk: returns.Desk, bench: Bench, grade: str, amount: Money | None, here: str) -> Choice:
    unit = bench.in_hand(grade)
    assert unit is not None
    (line,) = bench_state.findings(desk, [unit], with_rest=False)
    why = None
    if bench.at is not None and desk.packed[bench.at].serials and not bench.serial:
        why = Text("Scan its serial number first.", "请先扫描序列号。")
    elif grade == "A" and bench.failed:
        why = Text("Not as new: a check is no.", "有检查项不合格，不能定为 A。")
    return Choice(key=f"F{GRADES.index(grade) + 1}", text=GRADE_WORDS[grade], bin=BINS[line.disposition], amount=amount,
                  href=f"{here}?{bench.graded(grade).query()}", why_not=why)  # fmt: skip


def _spoilt(desk: returns.Desk, bench: Bench) -> list[str]:
    """The checks that say that the unit in hand is not intact."""
    assert bench.at is not None
    return [one.code for one in bench_state.recipe_of(desk, bench.at).checks
            if one.if_not == "not_intact" and one.code in bench.failed]  # fmt: skip


def _intact(desk: returns.Desk, bench: Bench) -> tuple[Bench, Bench, str]:
    """The unit in hand as intact, and as not, with the check that says so."""
    assert bench.at is not None
    checks = [one for one in bench_state.recipe_of(desk, bench.at).checks if one.if_not == "not_intact"]
    spoilt = _spoilt(desk, bench)
    sound = msgspec.structs.replace(bench, failed=tuple(one for one in bench.failed if one not in spoilt))
    if spoilt or not checks:
        return sound, bench, spoilt[0] if spoilt else ""
    code = next((one.code for one in checks if one.code == "undamaged"), checks[0].code)
    return sound, bench.turned(code), code


def _money(seen: returns.Foreseen, currency: str) -> Money | None:
    return None if seen.amount is None else Money(seen.amount, currency)
