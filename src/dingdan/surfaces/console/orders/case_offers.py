"""What can be given for a case and claimed because of it: remedies with their limits, and claims on carriers."""

import msgspec

from dingdan.areas import cases
from dingdan.kernel.money import Money, decimal_string
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console.orders import case_words
from dingdan.surfaces.console.orders.case_seen import Seen
from dingdan.surfaces.shared.pages import naming, vocabulary
from dingdan.surfaces.shared.pages.screens import Act, Field, Part, Section


class Shown(msgspec.Struct, frozen=True):
    """A row with what can be done with it."""

    cells: list[object]
    below: object
    acts: list[Act]


def sections(tx: Tx, seen: Seen, *, may_see_money: bool) -> list[Section]:
    """Remedies and claims; nothing for whoever sees no money."""
    if not may_see_money:
        return []
    return [
        Part(Text("What is done about it", "补救措施"), "act_rows.html", {
            "rows": [_remedy(tx, seen, one) for one in seen.remedies], "acts": granting(tx, seen),
            "empty": Text("Nothing was granted yet.", "尚未给予补救。"),
        }),
        Part(Text("Claims on carriers", "承运商索赔"), "act_rows.html", {
            "rows": [_claim(tx, one) for one in seen.claims], "acts": claiming(tx, seen) if not seen.claims else [],
            "empty": Text("Nothing is claimed.", "暂无索赔。"),
        }),
    ]  # fmt: skip


def granting(tx: Tx, seen: Seen) -> list[Act]:
    """One act for each remedy that this kind of trouble knows; within one's limit it is granted at once."""
    if not tx.actor.may("case.work") or seen.order is None or seen.case.ended_at is not None:
        return []
    here = f"{naming.place('case', seen.case.id)}/grant"
    lines = [
        (str(line.line_no), _line(line.left, naming.in_tongues(line.title))) for line in seen.lines if line.left > 0
    ]
    return [
        Act(f"grant_{kind}", case_words.REMEDIES[kind], here, fields=[
            Field("kind", Text("Kind", "类型"), "hidden", value=str(kind)), *_fields(str(kind), lines, seen.currency),
            Field("consent", Text("Offer it: the buyer says yes first", "作为方案提供，待买家确认后执行"), "check"),
        ]) for kind in seen.document.remedies
    ]  # fmt: skip


def _fields(kind: str, lines: list[tuple[str, Text]], currency: str) -> list[Field]:
    which = Field("lines", Text("Which items", "商品"), "choices", options=lines, is_needed=False,
                  hint=Text("None: all that nothing was done about.", "不选则为全部未处理商品。"))  # fmt: skip
    units = Field("units", Text("Only so many of it", "仅部分件数"), "number", is_needed=False)
    if kind == "refund":
        return [which, units, Field("amount", Text("Only a part of the price", "仅退部分金额"), "money", is_needed=False, currency=currency,
                                    hint=Text("For one item that the buyer keeps.", "限一行商品，买家保留商品。"))]  # fmt: skip
    if kind == "compensation":
        return [
            Field("amount", Text("Amount", "金额"), "money", is_needed=False, currency=currency),
            Field("form", Text("As", "形式"), "choice", options=case_words.FORMS, value="balance"),
            Field("promotion", Text("Coupon, for a coupon", "优惠券编号（形式为优惠券时）"), is_needed=False),
            Field("right", Text("By law: the rule of the policy", "法定赔偿：政策条款代码"), is_needed=False,
                  hint=Text("Such as CN_FRAUD; then the law says how much.", "如 CN_FRAUD，金额由法律规定。")),
        ]  # fmt: skip
    if kind == "wait":
        return [Field("until", Text("Until", "等待至"), "date")]
    if kind == "take_back":
        return [
            which, Field("reason", Text("Reason of the return policy", "退货原因代码")),
            Field("postage", Text("Postage that the buyer bears", "买家承担运费"), "money", is_needed=False, currency=currency),
        ]  # fmt: skip
    needed = [msgspec.structs.replace(which, hint=None), units]
    return [*needed, Field("sku", Text("SKU that is sent instead", "替代商品 SKU"))] if kind == "substitute" else needed


def _line(units: int, title: Text) -> Text:
    return Text(f"{units} × {title.en}", f"{title.zh} × {units}")


def _remedy(tx: Tx, seen: Seen, one: cases.Remedy) -> Shown:
    can, here = set(cases.remedy_actions(one, tx.actor)), f"/remedies/{naming.ref('remedy', one.id)}"
    who = seen.people.get(one.proposed_by or 0)
    refusals = [Field("reason", Text("Why", "原因"), "choice", options=case_words.REFUSALS)]
    acts = [
        ("approve", "case.lead", Act(f"approve{one.id}", Text("Grant", "批准"), f"{here}/approve", "D", tone="first")),
        ("pay", "refund.approve", Act(f"pay{one.id}", Text("Paid by hand", "登记打款"), f"{here}/pay", fields=[
            Field("receipt", Text("Number of the transfer", "转账流水号"))])),
        ("refuse", "case.work", Act(f"refuse{one.id}", Text("Refuse", "驳回"), f"{here}/refuse", fields=refusals, tone="danger")),
    ]  # fmt: skip
    is_money = one.terms.get("form") == "money"
    return Shown(
        [case_words.REMEDIES[one.kind], Money(one.amount, one.currency), vocabulary.chip("remedy", one.state)],
        [part for part in (who, one.proposed_at, naming.link("refund", one.refund_id), naming.link("return", one.return_id)) if part],
        [act for verb, permission, act in acts if verb in can and tx.actor.may(permission) and (verb != "pay" or is_money)],
    )  # fmt: skip


def claiming(tx: Tx, seen: Seen) -> list[Act]:
    """Claim on a carrier: what was drafted with the case is filed, else one is drafted for a parcel."""
    if not tx.actor.may("claim.work") or seen.order is None:
        return []
    drafted = [one for one in seen.claims if "file" in cases.claim_actions(one)]
    if drafted:
        return [_filing(drafted[0])]
    if not seen.parcels or seen.case.ended_at is not None or seen.claims:
        return []
    parcels = [(naming.ref("parcel", one.id), f"{one.carrier} {one.tracking_number}") for one in seen.parcels]
    return [Act("claim", Text("Claim for a parcel", "对包裹索赔"), f"{naming.place('case', seen.case.id)}/claims", fields=[
        Field("parcel", Text("Parcel", "包裹"), "choice", options=parcels, value=parcels[0][0]),
        Field("value", Text("What it was worth", "货值"), "money", currency=seen.currency),
        Field("insured", Text("Insured for", "保价金额"), "money", is_needed=False, currency=seen.currency),
    ])]  # fmt: skip


def _filing(one: cases.Claim) -> Act:
    return Act(f"file{one.id}", Text("File the claim", "提出索赔"), f"/claims/{naming.ref('claim', one.id)}/file", fields=[
        Field("carrier_ref", Text("The carrier's number of it", "承运商受理号")),
        Field("evidence", Text("Where the evidence is, one a line", "凭证位置，每行一个"), "prose", is_needed=False),
    ])  # fmt: skip


def _claim(tx: Tx, one: cases.Claim) -> Shown:
    can, here = set(cases.claim_actions(one)), f"/claims/{naming.ref('claim', one.id)}"
    money = Field(
        "amount",
        Text("What came", "到账金额"),
        "money",
        currency=one.currency,
        value=_typed(one.accepted, one.currency),
    )
    acts = [
        ("file", _filing(one)),
        ("answer", Act(f"answer{one.id}", Text("The carrier answered", "登记答复"), f"{here}/answer", fields=[
            Field("answer", Text("It", "结果"), "choice", options=case_words.ANSWERS),
            Field("accepted", Text("How much, for a part", "部分认赔金额"), "money", is_needed=False, currency=one.currency)])),
        ("recover", Act(f"recover{one.id}", Text("Money came", "登记到账"), f"{here}/recover", fields=[money])),
        ("write_off", Act(f"write{one.id}", Text("Write off", "核销"), f"{here}/write_off", tone="danger", fields=[
            Field("reason", Text("Why", "原因"), "choice", options=case_words.WRITE_OFFS)])),
    ]  # fmt: skip
    clock = one.answer_by if one.filed_at is not None else one.file_by
    label = Text("answer by", "答复期限") if one.filed_at is not None else Text("file by", "提出期限")
    below: list[object] = [one.carrier, label, clock] if clock is not None and one.ended_at is None else [one.carrier]
    if one.recovered:
        below += [Text("recovered", "已追回"), Money(one.recovered, one.currency)]
    return Shown(
        [Money(one.value, one.currency), vocabulary.chip("claim", one.state)], below,
        [act for verb, act in acts if verb in can and tx.actor.may("claim.work")],
    )  # fmt: skip


def _typed(amount: int, currency: str) -> str | None:
    return decimal_string(amount, currency) if amount else None
