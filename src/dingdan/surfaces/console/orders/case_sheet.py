"""One case: what happened, who is affected, the steps of its playbook, what it costs, and what is done about it."""

from datetime import datetime

import msgspec

from dingdan.areas import cases, identity
from dingdan.kernel import ids
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews import timeline
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console.orders import address_form, case_offers, case_seen, case_words
from dingdan.surfaces.console.orders.case_seen import Seen
from dingdan.surfaces.shared import language
from dingdan.surfaces.shared.pages import formatting, naming, story, vocabulary
from dingdan.surfaces.shared.pages.doors import screen
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Chip,
    Code,
    Facts,
    Field,
    Fuse,
    Link,
    Part,
    Reason,
    Reasons,
    Say,
    Section,
    Sheet,
    Sums,
    Talk,
    Turn,
)

_TURNS: dict[str, Turn] = {"buyer": "customer", "system": "system", "carrier": "carrier"}


class StepShown(msgspec.Struct, frozen=True):
    """A step of the playbook: where it stands, its words, and the button that does it."""

    stands: str
    text: Text
    act: Act | None


@screen("/cases/{case_id}", permission="case.read")
async def show(tx: Tx, case_id: int) -> Sheet:
    """One case with all that the work on it takes."""
    seen = await case_seen.look(tx, case_id)
    case, title = seen.case, Text(seen.document.title.en, seen.document.title.zh)
    facts = await timeline.of_order(tx, case.order_id) if case.order_id is not None else []
    seller = (await naming.merchant_names(tx, [case.merchant_id]))[case.merchant_id]
    level = [Chip(Text(f"Level {case.level + 1}", f"{case.level + 1} 级"), "us")] if case.level else []
    may_see_money = tx.actor.may("order.read")
    return Sheet(
        title=title, kind=Text(f"Case, {seller.en}: {title.en}", f"异常单 · {seller.zh} · {title.zh}"), number=ids.spoken(case.id),
        key=naming.ref("case", case.id), full=naming.place("case", case.id),
        chips=[vocabulary.chip("case", case.state), *level], lead=case.opened_at,
        stamp=Chip(case_words.closure(case.closure), "done") if case.closure else None, acts=await _acts(tx, seen),
        main=[
            _happened(tx, seen), _playbook(tx, seen), *case_offers.sections(tx, seen, may_see_money=may_see_money), _talk(seen),
            *([await story.ledger(tx, Text("Timeline", "时间线"), facts, seen.currency)] if may_see_money else []),
        ],
        side=[_clock(tx, seen), await _affected(tx, seen), *([_cost(seen)] if may_see_money else []), _owners(seen)],
        live=["case", "remedy", "claim"],
    )  # fmt: skip


def _happened(tx: Tx, seen: Seen) -> Section:
    """Two sentences from facts: what it is about and how it came to us, and where it stands."""
    case = seen.case
    told = [Reason("plain", _origin(tx, seen))]
    parcel = next(
        (one for one in seen.parcels if one.id == case.subject_id), seen.parcels[0] if len(seen.parcels) == 1 else None
    )
    if parcel is not None:
        state = vocabulary.chip("parcel", parcel.state).text
        last = parcel.last_scan_at or parcel.dispatched_at
        told.append(Reason("plain", Text(
            f"Parcel {parcel.tracking_number} of {parcel.carrier}: {state.en}, last seen {_at(tx, last, 'en')}.",
            f"包裹 {parcel.tracking_number}（{parcel.carrier}）：{state.zh}，最后更新 {_at(tx, last, 'zh')}。",
        )))  # fmt: skip
    if case.contacted_at is not None:
        told.append(Reason("good", Text(
            f"The buyer heard from us first on {_at(tx, case.contacted_at, 'en')} and hears next by {_at(tx, case.next_update_at, 'en')}.",
            f"已于 {_at(tx, case.contacted_at, 'zh')} 首次联系买家，下次告知不晚于 {_at(tx, case.next_update_at, 'zh')}。",
        )))  # fmt: skip
    elif case.contact_by is not None and case.ended_at is None and seen.document.tells_buyer:
        told.append(Reason("warn", Text(
            f"The buyer has not heard from us yet; it is promised by {_at(tx, case.contact_by, 'en')}.",
            f"尚未联系买家，承诺不晚于 {_at(tx, case.contact_by, 'zh')} 联系。",
        )))  # fmt: skip
    return Reasons(Text("What happened", "发生了什么"), told)


def _origin(tx: Tx, seen: Seen) -> Text:
    case, title, source = seen.case, seen.document.title, case_words.SOURCES[seen.case.source]
    again = (
        Text(f", and {case.repeats} times again", f"，此后又提报 {case.repeats} 次") if case.repeats else Text("", "")
    )
    return Text(
        f"{title.en}. {source.en} on {_at(tx, case.opened_at, 'en')}{again.en}.",
        f"{title.zh}。{source.zh}，{_at(tx, case.opened_at, 'zh')}{again.zh}。",
    )


def _at(tx: Tx, at: datetime, tongue: language.Tongue) -> str:
    return formatting.short(at, tongue, tx.now)


def _playbook(tx: Tx, seen: Seen) -> Section:
    playbook, shown = seen.document.playbook, []
    reached = case_words.reached(playbook, seen.case.plan)
    is_over = seen.case.ended_at is not None
    done = [n < reached or _is_done(case_words.sort_of(step), seen) for n, step in enumerate(playbook)]
    first = next((n for n, is_done in enumerate(done) if not is_done), len(done))
    for n, step in enumerate(playbook):
        act = None if is_over else _step(tx, seen, step, str(n + 1))
        stands = "done" if done[n] else "now" if n == first and not is_over else "later"
        shown.append(StepShown(stands, Text(step.en, step.zh), act))
    return Part(
        Text(f"Playbook, {sum(done)} of {len(done)} done", f"处理步骤（已完成 {sum(done)}/{len(done)}）"),
        "playbook.html",
        {"steps": shown},
    )


def _is_done(sort: case_words.Sort, seen: Seen) -> bool:
    """Whether what a step takes stands in the case already."""
    if sort == "ask":
        return any(said.entry.kind == "asked" for said in seen.log)
    if sort == "grant":
        return any(one.state in ("approved", "executed") for one in seen.remedies)
    return sort == "claim" and any(one.filed_at is not None for one in seen.claims)


def _step(tx: Tx, seen: Seen, step: cases.Step, key: str) -> Act | None:
    """The button that does a step."""
    here, sort = naming.place("case", seen.case.id), case_words.sort_of(step)
    name = f"step{key}"
    if sort == "ask" and seen.case.order_id is not None:
        words_ = [
            Field(
                "text",
                Text("The question", "问题"),
                "prose",
                hint=Text("Our clocks stand still until they answer.", "等待答复期间计时暂停。"),
            )
        ]
        asked = Text("The buyer is being asked.", "正在等待买家答复。") if seen.case.answer_by is not None else None
        return _may(tx, "case.work", Act(name, Text("Ask", "询问"), f"{here}/ask", key, words_, why_not=asked))
    if sort == "grant" and seen.order is not None:
        found = case_offers.granting(tx, seen)
        first = Text(f"Offer: {found[0].text.en}", f"方案：{found[0].text.zh}") if found else Text("", "")
        return msgspec.structs.replace(found[0], name=name, key=key, text=first) if found else None
    if sort == "claim":
        found = case_offers.claiming(tx, seen)
        return msgspec.structs.replace(found[0], name=name, key=key) if found else None
    if sort == "correct":
        return _may(tx, "case.work", Act(name, Text("Correct", "更正"), f"{here}/correct", key, address_form.fields()))
    if sort == "recall":
        why = [Field("reason", Text("Why", "原因"), "choice", value="buyer_request", options=[
            ("buyer_request", Text("The buyer asks", "买家要求")), ("refused", Text("Not accepted", "买家拒收"))])]  # fmt: skip
        return _may(tx, "parcel.intercept", Act(name, Text("Call back", "召回"), f"{here}/recall", key, why))
    # Its words stand in the playbook: the key tells them. Whoever wants to say more writes a message.
    return _may(
        tx,
        "case.work",
        Act(
            name,
            Text("Tell it", "告知"),
            f"{here}/tell",
            key,
            [Field("plan", Text("Step", "步骤"), "hidden", value=step.code)],
        ),
    )


def _may(tx: Tx, permission: str, act: Act) -> Act | None:
    return act if tx.actor.may(permission) else None


def _telling() -> list[Field]:
    return [Field("text", Text("Words for the buyer", "给买家的话"), "prose"),
            Field("hours", Text("They hear next in hours", "多少小时内再次告知"), "number", is_needed=False)]  # fmt: skip


async def _acts(tx: Tx, seen: Seen) -> list[Act]:
    case, here = seen.case, naming.place("case", seen.case.id)
    can = set(cases.actions(case, seen.remedies))
    if not tx.actor.may("case.work") or case.ended_at is not None:
        return []
    pending = Text("A remedy is still open.", "有未完成的补救措施。")
    asked = Text("The buyer is being asked.", "正在等待买家答复。")
    why = Field("reason", Text("Why", "原因"), "choice")
    closures = [(code, case_words.closure(code)) for code in seen.document.closures]
    found = [
        Act("take", Text("Take", "接手"), f"{here}/take", "T"),
        Act("tell", Text("Message", "告知买家"), f"{here}/tell", "M", _telling()),
        Act("ask", Text("Ask the buyer", "询问买家"), f"{here}/ask", "E", [Field("text", Text("The question", "问题"), "prose")],
            why_not=None if "ask" in can and case.order_id is not None else asked),
        Act("note", Text("Note", "备注"), f"{here}/note", "N", [Field("text", Text("For the staff alone", "仅内部可见"), "prose")]),
        Act("hand_over", Text("Hand over", "转交"), f"{here}/hand_over", "H", [
            Field("staff", Text("To", "转交给"), "choice", options=await _colleagues(tx, seen)),
            msgspec.structs.replace(why, options=case_words.HAND_OVERS)]),
        Act("escalate", Text("Escalate", "升级"), f"{here}/escalate", "I", [msgspec.structs.replace(why, options=case_words.ESCALATIONS)]),
        Act("close", Text("Close", "关闭"), f"{here}/close", "A", [
            Field("closure", Text("How it ended", "处理结果"), "choice", options=closures),
            Field("liable", Text("Who bears it", "责任方"), "choice", options=case_words.LIABLE, is_needed=False),
            Field("text", Text("A last word to the buyer", "给买家的结束语"), "prose", is_needed=False),
        ], "first", None if "close" in can else pending),
        Act("withdraw", Text("Withdraw", "撤销"), f"{here}/withdraw", "", [msgspec.structs.replace(why, options=case_words.WITHDRAWALS)],
            "danger", None if "withdraw" in can else pending),
    ]  # fmt: skip
    if "attach" in can:
        found.append(Act("attach", Text("Attach to an order", "关联订单"), f"{here}/attach", "O", [
            Field("order", Text("Order", "订单"), hint=Text("Its id, as in ord_0SBK…", "订单编号，如 ord_0SBK…"))]))  # fmt: skip
    return found


async def _colleagues(tx: Tx, seen: Seen) -> list[tuple[str, Text | str]]:
    roles = dict.fromkeys([*(one.role for one in seen.owners[-1:]), *seen.document.ladder])
    found = {
        one.id: one.name for role in roles for one in await identity.staff_with_role(tx, seen.case.merchant_id, role)
    }
    return [(naming.ref("staff", number), name) for number, name in found.items() if number != tx.actor.id]


def _talk(seen: Seen) -> Section:
    """What was said and done, without what only moved."""
    told = []
    for said in seen.log:
        words_ = case_words.LOG.get(said.entry.kind, Text(said.entry.kind.replace("_", " "), said.entry.kind))
        name = seen.people.get(said.entry.actor_id or 0)
        head = Text(f"{words_.en} · {name}", f"{words_.zh} · {name}") if name else words_
        told.append(Say(head, said.entry.at, said.text, _TURNS.get(said.entry.actor_kind, "us")))
    return Talk(Text("Log", "处理记录"), told, Text("Nothing was said yet.", "暂无记录。"))


def _clock(tx: Tx, seen: Seen) -> Section:
    case = seen.case
    if case.ended_at is not None:
        items = [
            (Text("Ended", "结束于"), case.ended_at),
            (Text("Outcome", "结果"), case_words.closure(case.closure or "withdrawn")),
        ]
        liable = dict(case_words.LIABLE).get(case.liable or "")
        return Facts(Text("How it ended", "处理结果"), [
            *items, (Text("Borne by", "责任方"), liable), (Text("Buyer's rating", "买家评分"), case.rating)])  # fmt: skip
    is_asked = case.answer_by is not None
    return Facts(Text("Clock", "时限"), [
        (Text("Due", "剩余时间"), Fuse(case.due_at, tx.now, case.due_at - case.opened_at, is_paused=is_asked,
                                    waits_for=Text("the buyer answers", "待买家答复") if is_asked else None)),
        (Text("Whose turn", "当前应由"), case_words.TURNS[case.whose_turn]), (Text("Buyer hears next by", "下次告知买家"), case.next_update_at),
        (Text("Solved by", "解决时限"), case.resolve_by), (Text("Answer by", "买家答复时限"), case.answer_by),
    ])  # fmt: skip


async def _affected(tx: Tx, seen: Seen) -> Section:
    if seen.order is None:
        return Facts(Text("Who is affected", "影响范围"), [(Text("Order", "订单"), Text("none yet", "未关联"))])
    contact = await identity.contact(tx, seen.order.contact_id)
    shown = identity.mask(contact) if contact is not None else None
    parcels = [Link(naming.place("parcel", one.id), one.tracking_number, is_code=True) for one in seen.parcels]
    return Facts(Text("Who is affected", "影响范围"), [
        (Text("Order", "订单"), naming.link("order", seen.order.id)), (Text("Buyer", "买家"), shown.name if shown else None),
        (Text("Phone", "电话"), Code(shown.phone) if shown else None), (Text("Parcels", "包裹"), parcels or None),
        (Text("Units", "件数"), sum(line.left for line in seen.lines)),
    ])  # fmt: skip


def _cost(seen: Seen) -> Section:
    def amount(value: int) -> Money:
        return Money(value, seen.currency)

    given = sum(one.amount for one in seen.remedies if one.state in ("approved", "executed"))
    back = sum(one.recovered for one in seen.claims)
    rows = [(Text("Given so far", "已给予"), amount(given), False), (Text("Recovered from carriers", "承运商已赔付"), amount(-back), False),
            (Text("Cost so far", "目前成本"), amount(given - back), True)]  # fmt: skip
    if seen.order is not None:
        rows.insert(0, (Text("At stake: the order", "涉及订单金额"), amount(seen.order.total), False))
        return Sums(
            Text("Money", "金额"), rows, Text("The order is no cost and is not added up.", "订单金额不计入成本。")
        )
    return Sums(Text("Money", "金额"), rows)


def _owners(seen: Seen) -> Section:
    return Facts(Text("Owners", "负责人"), [
        (case_words.role(one.role) or Text("", ""), [seen.people.get(one.staff_id or 0, Text("queue", "待分派")), one.since])
        for one in seen.owners
    ])  # fmt: skip


ROUTES = [show]
