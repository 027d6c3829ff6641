"""How well a carrier carries: rates of what went wrong, steadied where there is little to go by, graded and explained."""

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from dingdan.kernel.rates import wilson
from dingdan.kernel.refusal import Text

Grade = Literal["A", "B", "C", "D", "E"]
GRADES: tuple[Grade, ...] = ("A", "B", "C", "D", "E")

# Below so many samples a figure is never worse than C, and never E, by which a carrier is suspended.
FEW, TOO_FEW_TO_SUSPEND = 30, 50
# The share of the parcels it would get by rule that a carrier of a grade does get, in percent.
SHARES: Mapping[Grade, int] = {"A": 100, "B": 100, "C": 100, "D": 50, "E": 10}
CONSEQUENCES: Mapping[Grade, Text] = {
    "A": Text("Nothing follows.", "无后续措施。"),
    "B": Text("Nothing follows.", "无后续措施。"),
    "C": Text("The carrier is warned.", "向承运商发出警告。"),
    "D": Text("The carrier is warned and gets half of its parcels.", "向承运商发出警告，份额减半。"),
    "E": Text(
        "The carrier gets a tenth of its parcels, and its suspension is proposed.", "份额减至一成，并建议暂停合作。"
    ),
}
MILLION = 1_000_000


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """Something that goes wrong: up to which rate (of a million) it is A, B, C and D, and how much weight stands against it

    before there are samples. The weight is chosen so that one bad parcel alone is a B and no worse.
    """

    name: str
    title: Text
    limits: tuple[int, int, int, int]
    weight: int


MEASURES: tuple[Measure, ...] = (
    Measure(name="late", title=Text("arrived after the promise", "晚于承诺送达"),
            limits=(50_000, 100_000, 180_000, 300_000), weight=20),
    Measure(name="damaged", title=Text("damaged", "破损"), limits=(3_000, 8_000, 15_000, 30_000), weight=160),
    Measure(name="lost", title=Text("lost", "丢失"), limits=(1_000, 3_000, 8_000, 20_000), weight=400),
    Measure(name="silent", title=Text("without a scan for 48 hours", "超过 48 小时无物流信息"),
            limits=(30_000, 60_000, 120_000, 250_000), weight=25),
    Measure(name="unscanned", title=Text("without a first scan in 24 hours", "24 小时内无揽收记录"),
            limits=(50_000, 100_000, 200_000, 350_000), weight=20),
    # Express Regulations art. 28: a complaint is answered within seven days.
    Measure(name="unanswered", title=Text("complaints not answered in 7 days", "投诉 7 日内未答复"),
            limits=(50_000, 150_000, 300_000, 500_000), weight=10),
)  # fmt: skip


class Tally(msgspec.Struct, frozen=True):
    """How often something could have gone wrong, and how often it did."""

    samples: int = 0
    bad: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.samples + other.samples, self.bad + other.bad)


# {name of a measure: tally}
Counts = Mapping[str, Tally]


class LaneCounts(msgspec.Struct, frozen=True):
    """What was counted of a carrier between two places, as `place_of` names them."""

    carrier_id: int
    origin: str
    destination: str
    counts: Counts


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One measure: what was counted, the rate that is graded, what it was steadied by, and the bounds of the raw rate."""

    name: str
    samples: int
    bad: int
    rate: int
    prior: int
    low: int
    high: int
    grade: Grade


class Scored(msgspec.Struct, frozen=True, kw_only=True):
    """A grade, which is that of the worst figure, and all figures."""

    grade: Grade
    samples: int
    figures: tuple[Figure, ...]


def total(parts: Iterable[Counts]) -> dict[str, Tally]:
    """Counts added up, in whatever order they come."""
    sums = {measure.name: Tally() for measure in MEASURES}
    for counts in parts:
        for name, tally in counts.items():
            sums[name] += tally
    return sums


def without(whole: Counts, part: Counts) -> dict[str, Tally]:
    """The rest of a whole: nothing counts twice, as a sample and as what it is steadied by."""
    return {
        name: Tally(one.samples - part.get(name, Tally()).samples, one.bad - part.get(name, Tally()).bad)
        for name, one in whole.items()
    }


def score(counts: Counts, *, around: tuple[Counts, ...] = ()) -> Scored:
    """Grade counts by what is around them, the widest first: of a lane the other carriers, then the carrier's other lanes.

    Each rate is the mean of a beta distribution whose prior is the rate of what is around it, and the widest one's is
    half of what is still an A (empirical Bayes: Casella, The American Statistician 39, 1985). So few samples
    say little. The bounds of the raw rate are Wilson's (J. Am. Stat. Assoc. 22, 1927), which Brown, Cai and DasGupta
    (Statistical Science 16, 2001) recommend where there is little to go by: E is given only where the lower one is bad.
    """
    figures = tuple(_figure(measure, counts, around) for measure in MEASURES)
    return Scored(
        grade=max(figure.grade for figure in figures),
        samples=max(figure.samples for figure in figures if figure.name != "unanswered"), figures=figures,
    )  # fmt: skip


def _figure(measure: Measure, counts: Counts, around: tuple[Counts, ...]) -> Figure:
    prior = measure.limits[0] / 2 / MILLION
    for one in around:
        prior = _steadied(one.get(measure.name, Tally()), prior, measure.weight)
    own = counts.get(measure.name, Tally())
    rate = _steadied(own, prior, measure.weight)
    low, high = wilson(own.bad, own.samples)
    return Figure(
        name=measure.name, samples=own.samples, bad=own.bad, rate=round(rate * MILLION), prior=round(prior * MILLION),
        low=round(low * MILLION), high=round(high * MILLION), grade=_grade(measure, own.samples, rate, low),
    )  # fmt: skip


def _steadied(tally: Tally, prior: float, weight: int) -> float:
    return (tally.bad + weight * prior) / (tally.samples + weight)


def _grade(measure: Measure, samples: int, rate: float, low: float) -> Grade:
    worse = [n for n, limit in enumerate(measure.limits, start=1) if round(rate * MILLION) > limit]
    found = max(worse, default=0)
    if round(low * MILLION) <= measure.limits[0]:
        # What others do wrong makes nobody worse than B: its own parcels must show it.
        found = min(found, 1)
    if found == 4 and (samples < TOO_FEW_TO_SUSPEND or round(low * MILLION) <= measure.limits[3]):
        found = 3
    return GRADES[min(found, 2) if samples < FEW else found]


def explain(figure: Figure) -> Text:
    """Why a figure has its grade, in words."""
    measure = next(one for one in MEASURES if one.name == figure.name)
    place = GRADES.index(figure.grade)
    said = {
        "bad": figure.bad, "samples": figure.samples, "rate": _percent(figure.rate), "prior": _percent(figure.prior),
        "grade": figure.grade, "limit": _percent(measure.limits[min(place, 3)]),
    }  # fmt: skip
    text = Text(
        "{bad} of {samples} {en}; steadied by {prior} this is {rate}: {grade}",
        "{samples} 件中 {bad} 件{zh}；以 {prior} 平滑后为 {rate}：{grade}",
    ).filled(said | {"en": measure.title.en, "zh": measure.title.zh})
    if place < 4 and figure.rate > measure.limits[place]:
        few = Text(", not worse because its own samples do not show it.", "，自身样本不足以证明更差，不再下调。")
        return Text(text.en + few.en, text.zh + few.zh)
    end = (
        Text(" (up to {limit}).", "（不超过 {limit}）。")
        if place < 4
        else Text(" (above {limit}).", "（超过 {limit}）。")
    )
    end = end.filled(said)
    return Text(text.en + end.en, text.zh + end.zh)


def _percent(rate: int) -> str:
    return f"{rate / 10_000:.2f}%"


def place_of(country: str, region: str) -> str:
    """One end of a lane as scorecards name it: a province in China, elsewhere the region, or the country alone."""
    part = region[:2] if country == "CN" else region
    return f"{country}-{part}" if part else country
