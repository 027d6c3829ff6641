"""Which ways to pay can be used for an amount, here and now, and why others cannot. Facts in, decision out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from dingdan.areas.methods.model import Bounds, SaveWay, Verdict, Wanted, Way
from dingdan.areas.methods.refusals import (
    ClosedNow,
    NotInCurrency,
    NotInRegion,
    NotOffered,
    NotOnChannel,
    OutsideLimits,
    WayUnfit,
)
from dingdan.kernel.money import MAX_AMOUNT, is_currency
from dingdan.kernel.refusal import Operation, Refusal, Solution, Text

Plugged = Mapping[str, Sequence[str]]


def offered(plugged: Plugged, own: Iterable[Way], platform: Iterable[Way]) -> list[Way]:
    """The ways of one merchant, first choice first: what it says, else what the platform says, else no restriction.

    Only what is plugged in can be offered, whatever anybody describes.
    """
    said = {(way.provider, way.method): way for way in (*platform, *own)}
    known = [(provider, method) for provider, methods in plugged.items() for method in methods]
    ways = [said.get(key) or Way(provider=key[0], method=key[1]) for key in known]
    return sorted(ways, key=lambda way: (way.rank, way.provider, way.method))


def problems(
    wanted: Wanted, way: tuple[str, str], ways: Sequence[Way], *, now: datetime, path: str = "", patch_at: str = ""
) -> list[Refusal]:
    """Everything that stands against paying in one way, each with the ways that can be used instead.

    `patch_at` is the JSON pointer of the object with `provider` and `method` in the request, for ready patches.
    """
    provider, method = way
    chosen = next((one for one in ways if (one.provider, one.method) == way), None)
    if chosen is None:
        found: list[Refusal] = [NotOffered(path, provider=provider, method=method)]
    else:
        found = _against(chosen, wanted, now=now, path=path)
    if not found:
        return []
    others = [one for one in usable(wanted, ways, now=now) if (one.provider, one.method) != way]
    solutions = [_other(one, patch_at) for one in others]
    return [problem.with_solutions(*solutions) for problem in found]


def usable(wanted: Wanted, ways: Iterable[Way], *, now: datetime) -> list[Way]:
    """The ways against which nothing stands, first choice first."""
    return [way for way in ways if not _against(way, wanted, now=now, path="")]


def verdicts(wanted: Wanted, ways: Iterable[Way], *, now: datetime) -> list[Verdict]:
    """Every way with what stands against it."""
    return [_verdict(way, wanted, now) for way in ways]


def problems_of(saved: SaveWay, *, plugged: Plugged) -> list[Refusal]:
    """Everything that is wrong with a description."""
    way = saved.way
    found: list[Refusal] = []
    if way.method not in plugged.get(way.provider, ()):
        found.append(NotOffered("path", provider=way.provider, method=way.method))
    found += [
        WayUnfit(f"currencies[{n}]", what=f"{code} is no currency we know", what_zh=f"{code} 不是已知币种")
        for n, code in enumerate(way.currencies)
        if not is_currency(code)
    ]
    for n, bounds in enumerate(way.limits):
        least, most = bounds.least or 0, _most(bounds)
        if not is_currency(bounds.currency) or not 0 <= least <= most:
            found.append(WayUnfit(f"limits[{n}]", what="a limit has a currency and least <= most",
                                  what_zh="限额须有币种，且下限不得高于上限"))  # fmt: skip
    named = [bounds.currency for bounds in way.limits]
    if len(set(named)) < len(named):
        found.append(WayUnfit("limits", what="a currency has one limit", what_zh="每种货币只能设置一个限额"))
    found += [
        WayUnfit(f"closed[{n}]", what="a closed time ends after it begins", what_zh="维护结束时间须晚于开始时间")
        for n, window in enumerate(way.closed)
        if window.since >= window.until
    ]
    return found


def _against(way: Way, wanted: Wanted, *, now: datetime, path: str) -> list[Refusal]:
    about = {"provider": way.provider, "method": way.method}
    found: list[Refusal] = []
    if not way.active:
        found.append(NotOffered(path, **about))
    if closed := _closed_until(way, now):
        found.append(ClosedNow(path, **about, until=closed.isoformat()))
    if way.currencies and wanted.currency not in way.currencies:
        found.append(NotInCurrency(path, **about, currency=wanted.currency))
    if way.countries and wanted.country and wanted.country not in way.countries:
        found.append(NotInRegion(path, **about, country=wanted.country))
    if way.channels and wanted.channel and wanted.channel not in way.channels:
        found.append(NotOnChannel(path, **about, channel=wanted.channel))
    found += [
        OutsideLimits(path, **about, least=bounds.least or 0, most=_most(bounds), currency=wanted.currency,
                      amount=wanted.amount)
        for bounds in way.limits
        if bounds.currency == wanted.currency and wanted.amount is not None
        and not (bounds.least or 0) <= wanted.amount <= _most(bounds)
    ]  # fmt: skip
    return found


def _most(bounds: Bounds) -> int:
    return MAX_AMOUNT if bounds.most is None else bounds.most


def _closed_until(way: Way, now: datetime) -> datetime | None:
    return max((window.until for window in way.closed if window.since <= now < window.until), default=None)


def _verdict(way: Way, wanted: Wanted, now: datetime) -> Verdict:
    return Verdict(way, tuple(no.code for no in _against(way, wanted, now=now, path="")), _closed_until(way, now))


def _other(way: Way, patch_at: str) -> Solution:
    """Paying in another way: a patch of the request that was sent."""
    value = {"provider": way.provider, "method": way.method}
    names = (way.name.get("en"), way.name.get("zh"))
    plain = f"{way.provider}/{way.method}"
    return Solution(
        kind="other_payment",
        label=Text(f"Pay with {names[0] or plain}.", f"改用{names[1] or plain}支付。"),
        patch=(Operation(op="add", path=patch_at, value=value),),
        params=value,
    )
