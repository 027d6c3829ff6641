"""What may become of goods: whose they are, what the law forbids, what is as new, what must be done before."""

from collections.abc import Collection

import msgspec

from dingdan.areas.disposition.model import NOTE_LENGTH, Decide, Kind, ReturnedGoods, Ware
from dingdan.areas.disposition.refusals import (
    DetailUnfit,
    NotForThese,
    NotOurs,
    NotTheBuyers,
    NotWiped,
    NotWitnessed,
    RecoveredUnfit,
    UnitsUnfit,
    Unmarked,
)
from dingdan.kernel.refusal import Refusal, Text

AS_NEW = frozenset({"restock", "repack"})
SECOND_HAND = frozenset({"open_box", "refurbish"})
# Whoever gets these next is somebody else.
HANDED_ON = frozenset({*AS_NEW, *SECOND_HAND, "vendor", "liquidate", "donate"})
# These bring money that somebody names; what is as new is worth what it was, and the rest nothing.
PRICED = frozenset({*SECOND_HAND, "vendor", "liquidate"})
# As new only if fully restored to the state in which it was first sold (Measures art. 25): B was repacked.
SALEABLE_GRADES = frozenset({"A", "B"})
# What new wrapping puts right.
PUT_RIGHT = frozenset({"opened"})
# What needs nobody but whoever looked at the goods.
AT_ONCE: frozenset[str] = frozenset({"restock", "repack", "send_back"})
EVERY: tuple[Kind, ...] = (
    "restock", "repack", "open_box", "refurbish", "vendor", "liquidate", "donate", "scrap", "send_back",
)  # fmt: skip


class Marked(msgspec.Struct, frozen=True):
    """The product as which something is to be sold on."""

    product_id: int
    flags: tuple[str, ...]


def why_not(kind: str, *, grade: str, tags: Collection[str], ware: Ware) -> Text | None:
    """Why goods may not be put to a use (R5.2, R5.3); None if they may."""
    ban = ware.terms.ban(kind, ware.category, ware.flags, tags)
    if ban is not None:
        return Text(ban.en, ban.zh)
    if kind not in AS_NEW:
        return None
    if "intimate" in ware.flags and grade != "A":
        return Text("goods worn next to the skin that were opened are never sold again", "已拆封的贴身商品不得再次销售")
    if grade not in SALEABLE_GRADES:
        return Text(f"grade {grade} is not as new", f"{grade} 级商品不符合新品状态")
    left = set(tags) - (PUT_RIGHT if kind == "repack" else set())
    if left:
        return Text(f"it is not as new: {', '.join(sorted(left))}", f"不符合新品状态：{'、'.join(sorted(left))}")
    return None


def allowed(goods: ReturnedGoods, ware: Ware) -> list[Kind]:
    """Every use that these goods may be put to."""
    if not goods.open:
        return []
    if not goods.is_ours:
        return ["send_back"]
    return [
        kind for kind in EVERY
        if kind != "send_back" and why_not(kind, grade=goods.grade, tags=goods.tags, ware=ware) is None
    ]  # fmt: skip


def most_recovered(kind: str, value: int) -> int:
    """What units that were worth so much can bring at most."""
    return value if kind in PRICED or kind in AS_NEW else 0


def problems_of(
    asked: Decide, goods: ReturnedGoods, ware: Ware, *, value: int, marked: Marked | None, by: tuple[str, int | None],
    staff: Collection[int],
) -> list[Refusal]:  # fmt: skip
    """Everything that speaks against a decision; `value` is what those units were worth, `staff` who may be a witness."""
    found: list[Refusal] = []
    if not 1 <= asked.quantity <= goods.open:
        found.append(UnitsUnfit("quantity", wanted=asked.quantity, open=goods.open))
    if any(len(text) > NOTE_LENGTH or "\0" in text for text in (asked.note, asked.certificate or "")):
        found.append(DetailUnfit("note", limit=NOTE_LENGTH))
    if not goods.is_ours:
        return found if asked.kind == "send_back" else [*found, NotOurs("kind")]
    if asked.kind == "send_back":
        return [*found, NotTheBuyers("kind")]
    why = why_not(asked.kind, grade=goods.grade, tags=goods.tags, ware=ware)
    if asked.kind == "quarantine":
        why = Text("they are in quarantine already", "已处于隔离状态")
    if why is not None:
        found.append(NotForThese("kind", kind=asked.kind, why=why.en, why_zh=why.zh))
    if asked.kind in SECOND_HAND and not _is_marked(marked, ware):
        found.append(Unmarked("as_sku"))
    if asked.kind in HANDED_ON and not asked.is_wiped and ware.terms.wiped.names(ware.category, ware.flags):
        found.append(NotWiped("is_wiped"))
    if asked.kind == "scrap" and not _is_witnessed(asked, by, staff):
        found.append(NotWitnessed("witness"))
    most = most_recovered(asked.kind, value)
    if asked.recovered is not None and not 0 <= asked.recovered <= most:
        found.append(RecoveredUnfit("recovered", recovered=asked.recovered, value=value, kind=asked.kind, most=most))
    return found


def _is_marked(marked: Marked | None, ware: Ware) -> bool:
    return marked is not None and "second_hand" in marked.flags and marked.product_id != ware.product_id


def _is_witnessed(asked: Decide, by: tuple[str, int | None], staff: Collection[int]) -> bool:
    is_another = asked.witnessed_by in staff and by != ("staff", asked.witnessed_by)
    return is_another and bool((asked.certificate or "").strip())
