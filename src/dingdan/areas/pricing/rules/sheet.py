"""A basket while its layers come off: what each line still costs, and what took it there."""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from dingdan.areas.pricing.model import Ask, Grant, Item, Layer, Promotion, Share, Stage
from dingdan.areas.pricing.rules.benefits import Scope

# Why a candidate takes nothing off a sheet.
Why = Literal["below_threshold", "takes_nothing_off", "another_is_better"]


class Candidate(msgspec.Struct, frozen=True):
    """A promotion that could apply to an ask: the places of the lines it is meant for, and where it was asked for.

    `is_shared`: it is the part that one order of a checkout has in a coupon of the whole checkout.
    """

    promotion: Promotion
    stage: Stage
    group: str
    # Which comes first, whatever the order it was loaded or asked in: stage, priority, age.
    rank: tuple[int, int, int]
    lines: tuple[int, ...]
    grant: Grant | None = None
    code: str | None = None
    place: int = -1
    is_shared: bool = False


_STAGES = {stage: place for place, stage in enumerate(Stage)}


def candidate(
    promotion: Promotion,
    ask: Ask,
    *,
    grant: Grant | None = None,
    code: str | None = None,
    place: int = -1,
    is_shared: bool = False,
) -> Candidate:
    """A promotion on the lines that it is meant for; `place` is where a coupon was asked for."""
    stage = promotion.stage
    rank = (_STAGES[stage], promotion.draft.priority, promotion.id)
    lines = lines_of(promotion.draft.scope, ask)
    return Candidate(promotion, stage, promotion.group, rank, lines, grant, code, place, is_shared)


class Sheet:
    """The running amounts of one ask, in minor units; shares are by the place of the line."""

    __slots__ = ("_closed", "_layers", "applied", "ask", "failed", "goods", "left")

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.goods = [item.unit_price * item.quantity for item in ask.items]
        self.left = list(self.goods)
        self.applied: list[Candidate] = []
        # With what the basket lacks, in minor units or pieces.
        self.failed: list[tuple[Candidate, Why, int]] = []
        self._closed: dict[str, set[int]] = {}
        self._layers: list[tuple[Layer, Mapping[int, int], Mapping[int, int]]] = []

    def open(self, group: str, lines: Sequence[int]) -> list[int]:
        """Those of the lines that took nothing of this group yet."""
        closed = self._closed.get(group)
        return list(lines) if not closed else [i for i in lines if i not in closed]

    def close(self, group: str, lines: Sequence[int]) -> None:
        """These lines take no more of this group."""
        self._closed.setdefault(group, set()).update(lines)

    def sum_of(self, lines: Sequence[int]) -> int:
        """What these lines still cost."""
        return sum(self.left[i] for i in lines)

    def take(self, layer: Layer, shares: Mapping[int, int], points: Mapping[int, int] | None = None) -> None:
        """Put a layer down; one that takes off lowers what its lines still cost."""
        if layer.effect == "off":
            for i, amount in shares.items():
                self.left[i] -= amount
        self._layers.append((layer, shares, points or {}))

    def fail(self, candidate: Candidate, why: Why, missing: int = 0) -> None:
        """Say why a candidate takes nothing off."""
        self.failed.append((candidate, why, missing))

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers in the order in which they came off."""
        return tuple(layer for layer, _, _ in self._layers)

    def shares(self) -> list[tuple[Share, ...]]:
        """Every line's part of every layer that touched it."""
        found: list[list[Share]] = [[] for _ in self.ask.items]
        for n, (_, shares, points) in enumerate(self._layers):
            for i, amount in shares.items():
                if amount or points.get(i):
                    found[i].append(Share(n, amount, points.get(i, 0)))
        return [tuple(one) for one in found]

    def sum_by_line(self, effect: str) -> list[int]:
        """What all layers of one effect come to, for each line."""
        sums = [0] * len(self.goods)
        for layer, shares, _ in self._layers:
            if layer.effect == effect:
                for i, amount in shares.items():
                    sums[i] += amount
        return sums


def covers(scope: Scope, item: Item) -> bool:
    """Whether a line is meant: named, or nobody is named; and not excluded."""
    if item.sku in scope.not_skus or any(is_within(item.category, one) for one in scope.not_categories):
        return False
    if not (scope.skus or scope.categories):
        return True
    return item.sku in scope.skus or any(is_within(item.category, one) for one in scope.categories)


def is_within(category: str, wanted: str) -> bool:
    """Whether a category is another one or below it."""
    return category == wanted or category.startswith(f"{wanted}/")


def lines_of(scope: Scope, ask: Ask) -> tuple[int, ...]:
    """The places of the lines that are meant."""
    return tuple(i for i, item in enumerate(ask.items) if covers(scope, item))
