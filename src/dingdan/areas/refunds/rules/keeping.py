"""What the price of the rest hung on: discounts and free carriage that what is kept does not earn any more (A6, W20)."""

from collections.abc import Mapping, Sequence

import msgspec

from dingdan.areas import pricing
from dingdan.areas.refunds.model import LOOSE, Part
from dingdan.areas.refunds.rules.amount import Earlier, Sold
from dingdan.kernel.money import part_of_units, split

# Both are functions of what is back without a reason, so it does not matter by which path that came about; and where
# nothing is kept, nothing hangs on anything: all that was taken off has been given back.
REPRICED, LOST_FREIGHT = "A6.reprice", "A7.lost_free_freight"
COMPONENTS = {REPRICED: "reprice", LOST_FREIGHT: "deduction"}
FREIGHT = ("freight_out", "freight_tax")


class Bargain(msgspec.Struct, frozen=True):
    """What the price of an order hung on, and what of that its policy holds the buyer to."""

    agreed: pricing.Agreed
    is_repriced: bool = False
    takes_freight: bool = False


class Others(msgspec.Struct, frozen=True):
    """What became of the other orders that one bargain is about: the first one, and what was sent for goods of it.

    `loose` are the units of each line that came back without a reason, `booked` what came off or on because of them; all
    of it `is_over` where nobody keeps any of theirs. The freight out that lies with them still is no goods' money.
    """

    loose: Mapping[int, int] = {}
    booked: Mapping[str, int] = {}
    is_over: bool = True
    freight: int = 0


NOBODY = Others()


def hold_to(
    parts: Sequence[Part],
    bargain: Bargain | None,
    *,
    sold: Sold,
    earlier: Earlier,
    left: int,
    others: Others = NOBODY,
) -> tuple[Part, ...]:
    """The same with what the bargain puts on it or takes off it, at most `left` and never below nothing.

    Of what is left the freight out is for nobody's goods: these units bring none of it but what stands among their parts.
    What cannot be taken off now is taken off the next time units come back without a reason, never off what comes back
    by our fault: units that did count as kept. So does a unit that something was sent for, until that comes back.
    """
    if bargain is None:
        return tuple(parts)
    now = _units(parts, only_loose=True)
    gone = _sum(earlier.units, _units(parts, only_loose=False))
    is_over = others.is_over and all(gone.get(line.line_no, 0) >= line.quantity for line in sold.lines)
    booked = {rule: earlier.booked.get(rule, 0) + others.booked.get(rule, 0) for rule in COMPONENTS}
    steps = dict.fromkeys(COMPONENTS, 0)
    if now or is_over:
        due = {} if is_over else _due(bargain, _sum(earlier.loose, others.loose, now))
        steps = {rule: due.get(rule, 0) - booked[rule] for rule in COMPONENTS}
    goods = left - freight_there(sold, earlier, parts) - others.freight
    return (*parts, *_added(parts, steps, booked, left=goods, is_over=is_over))


def within_share(parts: Sequence[Part], sold: Sold, earlier: Earlier, left: int) -> tuple[Part, ...]:
    """What units bring for which something else is sent, where the rest cost more than its share: so much less.

    What postage that went back before took of it is another question, as far as the freight out that still lies there
    does not make it good. All of this comes on again with the rest.
    """
    worth = _sum(*({part.line_no: part.amount} for part in parts))
    short = sum(worth.values()) - left + freight_there(sold, earlier)
    ours = min(short, max(0, earlier.booked.get(REPRICED, 0)))
    ours += max(0, short - ours - max(0, earlier.postage - freight_left(sold, earlier)))
    ours = min(ours, sum(worth.values()))
    return (*parts, *_spread(REPRICED, -ours, worth)) if ours > 0 else tuple(parts)


def freight_left(sold: Sold, earlier: Earlier) -> int:
    """What was paid for the way out, tax with it, and did not go back."""
    return max(0, sold.freight + sold.freight_tax - earlier.freight - earlier.freight_tax)


def freight_there(sold: Sold, earlier: Earlier, parts: Sequence[Part] = ()) -> int:
    """What of that stays in the order's money when these parts go back: postage that went back before came out of it first."""
    given = sum(part.amount for part in parts if part.component in FREIGHT)
    return max(0, freight_left(sold, earlier) - earlier.postage - given)


def _added(
    parts: Sequence[Part], steps: Mapping[str, int], booked: Mapping[str, int], *, left: int, is_over: bool
) -> list[Part]:
    """What comes on and off now, line by line. What is given comes first, so that all of it can be taken off again."""
    whole = _sum(*({part.line_no: part.amount} for part in parts if part.line_no))
    loose = _sum(*({part.line_no: part.amount} for part in parts if part.line_no and part.basis in LOOSE))
    worth, total, added = whole if is_over else loose, sum(part.amount for part in parts), []
    off = sum(step for step in steps.values() if step < 0)
    for rule, wanted in sorted(steps.items(), key=lambda one: -one[1]):
        step = min(wanted, max(0, left - total - off)) if wanted > 0 else max(-sum(worth.values()), wanted)
        added += _spread(rule, step, worth)
        total += step
    # The rest cost less than its share, and is not kept either: that cannot be had twice.
    had = booked[REPRICED] + sum(part.amount for part in added if part.rule == REPRICED)
    return added + _spread(REPRICED, -max(0, min(total - left, had, sum(whole.values()))), whole)


def _spread(rule: str, step: int, worth: dict[int, int]) -> list[Part]:
    """A step over lines by what they bring, which it changes."""
    shares = dict(zip(worth, _over(step, list(worth.values())), strict=True)) if step else {}
    for line_no, share in shares.items():
        worth[line_no] += share
    return [Part(COMPONENTS[rule], line_no, 0, share, rule) for line_no, share in shares.items() if share]


def _over(step: int, weights: Sequence[int]) -> list[int]:
    """What is given or taken, over lines by what they bring (A2); over all alike where they bring nothing."""
    shares = split(abs(step), weights if any(weights) else [1] * len(weights))
    return shares if step > 0 else [-share for share in shares]


def _due(bargain: Bargain, loose: Mapping[int, int]) -> dict[str, int]:
    """What comes on or off by now, by rule, where these units came back without a reason and the rest counts as kept."""
    agreed = bargain.agreed
    kept = {no: units - loose.get(no, 0) for no, units in agreed.units.items()}
    due: dict[str, int] = {}
    if bargain.is_repriced:
        shared = sum(
            part_of_units(agreed.worth[no], units, before=0, taken=loose.get(no, 0))
            for no, units in agreed.units.items()
        )
        due[REPRICED] = sum(agreed.worth.values()) - pricing.worth_kept(agreed, kept) - shared
    if bargain.takes_freight:
        due[LOST_FREIGHT] = -pricing.lost_freight(agreed, kept, is_repriced=bargain.is_repriced)
    return due


def _units(parts: Sequence[Part], *, only_loose: bool) -> dict[int, int]:
    return _sum(*(
        {part.line_no: part.quantity}
        for part in parts
        if part.component == "goods" and part.quantity and (part.basis in LOOSE or not only_loose)
    ))  # fmt: skip


def _sum(*counts: Mapping[int, int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for one in counts:
        for key, units in one.items():
            found[key] = found.get(key, 0) + units
    return found
