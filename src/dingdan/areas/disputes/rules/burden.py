"""Who has to prove what, in which order (domain.md 4.4), and what of it is still missing."""

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from dingdan.areas.disputes.model import Dispute, DisputeEntry, Issue
from dingdan.areas.talks import Side
from dingdan.kernel.refusal import Text

Standing = Literal["shown", "silent", "due", "later", "not_asked"]


class Turn(msgspec.Struct, frozen=True):
    """One side's turn. `bears`: who is silent in it loses; otherwise it is the right to answer. `source` says why."""

    side: Side
    what: Text
    bears: bool = True
    needs_file: bool = False
    source: str = ""


class Proof(msgspec.Struct, frozen=True):
    """A turn and what became of it."""

    n: int
    turn: Turn
    standing: Standing


_B, _S = Side.BUYER, Side.SELLER
_REPLY = Text("an answer to what was shown", "对对方凭证的说明")
_ANSWER = {side: Turn(side, _REPLY, bears=False) for side in Side}
_LAB = Turn(_B, Text("a report of a laboratory, or another proof against it", "检测报告或其他反证"), bears=False,
            source="Taobao 65, 66")  # fmt: skip

TABLE: Mapping[Issue, tuple[Turn, ...]] = {
    Issue.VISIBLE_FAULT: (
        Turn(_B, Text("pictures or a video that show the fault", "能看清问题的照片或视频"), needs_file=True,
             source="Taobao 65, 73"),
        Turn(_S, Text("an explanation or proof that the goods left without it", "说明或商品出库完好的凭证"),
             source="Taobao 65, 73"),
        _LAB,
    ),
    Issue.HIDDEN_FAULT: (
        Turn(_S, Text("papers of where the goods come from and their quality", "进货来源和质量证明文件"), needs_file=True,
             source="Taobao 66"),
        _LAB,
    ),
    Issue.COUNTERFEIT: (
        Turn(_S, Text("papers of where the goods come from and the right to sell them", "进货凭证和品牌授权文件"),
             needs_file=True, source="Taobao 66"),
        _LAB,
    ),
    Issue.SURFACE_UNCONFIRMED: (
        Turn(_S, Text("that somebody with the right to it signed for the parcel", "包裹由有权签收人签收的凭证"),
             needs_file=True, source="Taobao 75"),
        Turn(_B, Text("pictures of what does not match", "不符之处的照片"), needs_file=True, source="Taobao 75"),
    ),
    Issue.SURFACE_CONFIRMED: (
        Turn(_B, Text("pictures of what does not match", "不符之处的照片"), needs_file=True, source="Taobao 76"),
        _ANSWER[_S],
    ),
    Issue.NOT_RECEIVED: (
        Turn(_S, Text("that the parcel was delivered where it was to go", "包裹已妥投至约定地址的凭证"), needs_file=True,
             source="Taobao 38"),
        _ANSWER[_B],
    ),
    Issue.MERGED_PARCEL: (
        Turn(_S, Text("what lay in the shared parcel, and its weight", "合并包裹的装箱记录和重量"), needs_file=True,
             source="Taobao 26"),
        _ANSWER[_B],
    ),
    Issue.GIFT: (
        Turn(_S, Text("that the gift was sent, or did not come back", "赠品已寄出或未退回的凭证"), needs_file=True,
             source="JD 25"),
        _ANSWER[_B],
    ),
    Issue.CUSTOM_MADE: (
        Turn(_S, Text("that it was made after the order, to its content", "商品系下单后按约定定制的凭证"), needs_file=True,
             source="JD 14"),
        _ANSWER[_B],
    ),
    Issue.INSPECTION: (
        Turn(_S, Text("how the goods left and how they came back, side by side", "出库与退回状态的对照凭证"),
             needs_file=True, source="Measures 25; ECL 62"),
        _ANSWER[_B],
    ),
    Issue.OTHER: (
        Turn(_B, Text("what the claim rests on", "主张的依据")),
        Turn(_S, Text("what speaks against it", "反驳的依据")),
    ),
}  # fmt: skip


def first_turn(issue: Issue, *, side: Side, has_files: bool) -> int:
    """Whose turn it is after a dispute was opened: what was shown with it counts as the opener's first turn."""
    turn = TABLE[issue][0]
    return 1 if turn.side is side and (has_files or not turn.needs_file) else 0


def turns_of(dispute: Dispute) -> tuple[Turn, ...]:
    """Every turn of a dispute; in an appeal there is one more, of whoever did not appeal."""
    turns = TABLE[dispute.issue]
    if dispute.appealed_side is None or dispute.turn < len(turns):
        return turns
    return (*turns, _ANSWER[dispute.appealed_side.other])


def turn_of(dispute: Dispute, turn: int) -> Turn | None:
    """A turn by its number; None where everybody had theirs."""
    turns = turns_of(dispute)
    return turns[turn] if turn < len(turns) else None


def turn_now(dispute: Dispute) -> Turn | None:
    """Whose turn it is; None where it is nobody's."""
    return turns_of(dispute)[dispute.turn] if dispute.turn_by is not None else None


def proofs(dispute: Dispute, entries: Iterable[DisputeEntry]) -> list[Proof]:
    """Everything that is to be proved, by whom, and what became of it."""
    said: dict[int | None, Standing] = {
        one.turn: "silent" if one.code == "silent" else "shown" for one in entries if one.turn is not None
    }
    is_over = dispute.turn_by is None
    found = []
    for n, turn in enumerate(turns_of(dispute)):
        ahead: Standing = "not_asked" if is_over or n < dispute.turn else "due" if n == dispute.turn else "later"
        found.append(Proof(n, turn, said.get(n, ahead)))
    return found
