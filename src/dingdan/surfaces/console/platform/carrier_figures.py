"""A scorecard as people read it: each figure with its target, how much it rests on, and how it went over time."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import msgspec

from dingdan.areas import carriers
from dingdan.kernel.refusal import Text
from dingdan.surfaces.shared import language
from dingdan.surfaces.shared.pages.screens import Chip, Facts, Section

SHORT = {
    "late": Text("Late", "晚到"), "damaged": Text("Damaged", "破损"), "lost": Text("Lost", "丢失"), "silent": Text("Silent 48 h", "48 小时无轨迹"),
    "unscanned": Text("No first scan", "未及时揽收"), "unanswered": Text("Complaints unanswered", "投诉未答复"),
}  # fmt: skip
_MEASURES = {one.name: one for one in carriers.MEASURES}
# The box that a trend is drawn in.
WIDE, HIGH = 160, 28


class Shown(msgspec.Struct, frozen=True):
    """One figure: its words, numbers, grade, reason, and the points of its trend with the target's height."""

    title: Text
    rate: str
    graded: str
    target: str
    bounds: str
    samples: int
    is_few: bool
    grade: Chip
    why: Text
    points: str
    target_y: int


def shown(card: carriers.Scorecard, trend: Sequence[carriers.Scorecard]) -> list[Shown]:
    """Every figure of a scorecard."""
    return [_shown(figure, [_of(one, figure.name) for one in trend]) for figure in card.figures]


def _shown(figure: carriers.Figure, before: list[carriers.Figure | None]) -> Shown:
    measure = _MEASURES[figure.name]
    rates = [one.rate for one in before if one is not None]
    top = max([*rates, 2 * measure.limits[0]])
    return Shown(
        title=SHORT[figure.name], rate=rate(figure), graded=_millionths(figure.rate), target=f"≤ {_millionths(measure.limits[0])}",
        bounds=f"{_millionths(figure.low)} – {_millionths(figure.high)}", samples=figure.samples,
        is_few=figure.samples < carriers.FEW, grade=grade_chip(figure.grade), why=carriers.explain(figure),
        points=_points(rates, top), target_y=_height(measure.limits[0], top),
    )  # fmt: skip


def _of(card: carriers.Scorecard, name: str) -> carriers.Figure | None:
    return next((figure for figure in card.figures if figure.name == name), None)


def _points(rates: Sequence[int], top: int) -> str:
    """A line through rates, oldest at the left; one alone is a level line."""
    drawn = list(rates) * 2 if len(rates) == 1 else list(rates)
    step = WIDE / max(len(drawn) - 1, 1)
    return " ".join(f"{round(n * step)},{_height(one, top)}" for n, one in enumerate(drawn))


def _height(rate_: int, top: int) -> int:
    return HIGH - 2 - round((HIGH - 4) * rate_ / max(top, 1))


def rate(figure: carriers.Figure) -> str:
    """What went wrong of what was counted, as it was counted."""
    return percent(figure.bad, figure.samples)


def percent(bad: int, samples: int) -> str:
    """A share with two decimals; of nothing there is none."""
    return f"{100 * bad / samples:.2f}%" if samples else "–"


def _millionths(value: int) -> str:
    return f"{value / 10_000:.2f}%"


def grade_chip(grade: str) -> Chip:
    """A grade in the colour of what follows from it."""
    return Chip(Text(grade, grade), "done" if grade in "AB" else "us" if grade == "C" else "blocked")


def formula() -> Section:
    """How a grade is found, in words."""
    return Facts(Text("How the grade is found", "评级方法"), [
        (Text("Graded rate", "计分比率"), Text("(bad + weight × rate around it) ÷ (counted + weight)", "（不良数 + 权重 × 周边比率）÷（样本数 + 权重）")),
        (Text("Grade of a figure", "单项评级"), Text("by its four limits; A is the target", "按四档上限，A 档上限即目标")),
        (Text("Grade of the carrier", "整体评级"), Text("that of its worst figure", "取最差一项")),
        (Text("Few parcels", "样本不足"), Text(f"under {carriers.FEW} never worse than C; grey here", f"少于 {carriers.FEW} 件最低评 C，灰色显示")),
        (Text("Bounds", "区间"), Text("95 percent, Wilson", "95% 置信区间（Wilson）")),
    ])  # fmt: skip


def csv_of(card: carriers.Scorecard, tongue: language.Tongue) -> bytes:
    """The figures as a file for spreadsheets."""
    out = io.StringIO()
    writer = csv.writer(out)
    head = [Text("Figure", "指标"), Text("Bad", "不良数"), Text("Counted", "样本数"), Text("Rate", "比率"), Text("Graded rate", "计分比率"),
            Text("Target", "目标"), Text("Grade", "评级"), Text("Why", "说明")]  # fmt: skip
    writer.writerow([language.pick(one, tongue) for one in head])
    for figure in card.figures:
        row: list[Any] = [
            language.pick(_MEASURES[figure.name].title, tongue), figure.bad, figure.samples, rate(figure), _millionths(figure.rate),
            _millionths(_MEASURES[figure.name].limits[0]), figure.grade, language.pick(carriers.explain(figure), tongue),
        ]  # fmt: skip
        writer.writerow(row)
    return out.getvalue().encode("utf-8-sig")
