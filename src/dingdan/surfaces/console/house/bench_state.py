"""What an inspector has found so far, as the address of the page says it: a reload loses nothing, and back is undo."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode

import msgspec
from msgspec import Meta

from dingdan.areas import inspection, policies, returns
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Input

CODE = Annotated[str, Meta(max_length=64)]
_UNIT = re.compile(r"(\d{1,5})~(\d{1,6})~([ABCD])~([a-z0-9_,]{0,400})~(t?)~([^~]{0,64})")
GRADES = ("A", "B", "C", "D")


class Unit(msgspec.Struct, frozen=True):
    """Some units of a line that were looked at: their grade, and the checks that are not as they should be."""

    line_no: int
    quantity: int = 1
    grade: str = "A"
    failed: tuple[str, ...] = ()
    is_from_transit: bool = False
    serial: str = ""

    def written(self) -> str:
        """As it stands in the address."""
        return "~".join((
            str(self.line_no), str(self.quantity), self.grade, ",".join(self.failed), "t" if self.is_from_transit else "",
            self.serial,
        ))  # fmt: skip


class BenchQuery(Input, frozen=True, kw_only=True):
    """Units that are done (`u`), the line of the one in hand (`at`) with what is wrong with it, and what was just scanned."""

    u: Annotated[tuple[str, ...], Meta(max_length=500)] = ()
    at: Annotated[int, Meta(ge=1, le=32_767)] | None = None
    no: Annotated[tuple[CODE, ...], Meta(max_length=60)] = ()
    t: bool = False
    s: CODE | None = None
    scan: Annotated[str, Meta(max_length=200)] | None = None


class Bench(msgspec.Struct, frozen=True):
    """The same, read; it is never changed, only followed by another one."""

    units: tuple[Unit, ...] = ()
    at: int | None = None
    failed: tuple[str, ...] = ()
    is_from_transit: bool = False
    serial: str = ""

    def query(self, **more: str) -> str:
        """The address of this state, behind the question mark."""
        said: list[tuple[str, str]] = [("u", unit.written()) for unit in self.units]
        if self.at is not None:
            said += [("at", str(self.at)), *(("no", code) for code in self.failed)]
            said += [("t", "true")] * self.is_from_transit + [("s", self.serial)] * bool(self.serial)
        return urlencode([*said, *more.items()])

    def counted(self) -> Counter[int]:
        """Units that are done, by line."""
        found: Counter[int] = Counter()
        for unit in self.units:
            found[unit.line_no] += unit.quantity
        return found

    def taken(self, line_no: int, serial: str = "") -> "Bench":
        """A unit of a line is in hand now."""
        return Bench(self.units, line_no, (), False, serial)

    def turned(self, code: str) -> "Bench":
        """A check of the unit in hand has the other answer."""
        failed = tuple(one for one in self.failed if one != code) if code in self.failed else (*self.failed, code)
        return msgspec.structs.replace(self, failed=failed)

    def in_hand(self, grade: str, quantity: int = 1) -> Unit | None:
        """The unit in hand with a grade."""
        if self.at is None:
            return None
        return Unit(self.at, quantity, grade, self.failed, self.is_from_transit, self.serial)

    def graded(self, grade: str, quantity: int = 1) -> "Bench":
        """The unit in hand is done."""
        unit = self.in_hand(grade, quantity)
        return Bench((*self.units, unit)) if unit else self

    def undone(self) -> "Bench":
        """One step back: the unit in hand is put down, else the last one is in hand again."""
        if self.at is not None:
            return Bench(self.units)
        if not self.units:
            return self
        last = self.units[-1]
        return Bench(self.units[:-1], last.line_no, last.failed, last.is_from_transit, last.serial)


def read(query: BenchQuery) -> Bench:
    """What the address says. Raises Malformed."""
    units = []
    for text in query.u:
        found = _UNIT.fullmatch(text)
        if found is None:
            raise Malformed("query.u", what="not a unit as the station writes it", what_zh="不是工作台写入的商品记录")
        line_no, quantity, grade, failed, transit, serial = found.groups()
        codes = tuple(code for code in failed.split(",") if code)
        units.append(Unit(int(line_no), int(quantity), grade, codes, bool(transit), serial))
    return Bench(tuple(units), query.at, query.no, query.t, query.s or "")


def recipe_of(desk: returns.Desk, line_no: int) -> policies.Recipe:
    """How units of a line are looked at."""
    goods = desk.sold[line_no]
    return desk.document.inspection.recipe(goods.category, goods.flags)


def entry(desk: returns.Desk, unit: Unit) -> inspection.InspectedLine:
    """A unit as the area knows it: with the answer to every check."""
    checks = {check.code: check.code not in unit.failed for check in recipe_of(desk, unit.line_no).checks}
    return inspection.InspectedLine(
        unit.line_no, unit.quantity, None, None, unit.grade, "quarantine", checks=checks,  # type: ignore[arg-type]
        serials=(unit.serial,) if unit.serial else (), is_from_transit=unit.is_from_transit,
    )  # fmt: skip


def clean_rest(desk: returns.Desk, done: Counter[int], serials: Sequence[str] = ()) -> list[inspection.InspectedLine]:
    """What is still announced, as if it were all as it should be."""
    found = []
    for line in desk.lines:
        left = line.quantity - done[line.line_no]
        if left < 1:
            continue
        unread = [one for one in sorted(desk.packed[line.line_no].serials) if one not in serials]
        clean = entry(desk, Unit(line.line_no, left))
        found.append(msgspec.structs.replace(clean, serials=tuple(unread[:left])))
    return found


def findings(desk: returns.Desk, units: Sequence[Unit], *, with_rest: bool) -> tuple[inspection.InspectedLine, ...]:
    """Units as an inspection says them, with where each goes; `with_rest` as if what was not scanned yet were clean."""
    known = {line.line_no for line in desk.lines}
    wrong = [unit.line_no for unit in units if unit.line_no not in known]
    if wrong:
        raise returns.LineUnknown("line_no")
    said = [entry(desk, unit) for unit in units]
    if with_rest:
        done = Counter[int]()
        for unit in units:
            done[unit.line_no] += unit.quantity
        said += clean_rest(desk, done, [unit.serial for unit in units])
    return returns.sorted_out(said, desk)
