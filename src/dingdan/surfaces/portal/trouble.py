"""Problems: reported in the buyer's words, and a page for each that says what we do, until when, and what can be chosen."""

from typing import Annotated, Literal

from msgspec import Meta

from dingdan.areas import access, cases, disputes, fulfilment, orders, talks
from dingdan.kernel import ids
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.plumbing.settings import Settings
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.portal import order_forms, pages, return_forms, within
from dingdan.surfaces.portal.pages import Card
from dingdan.surfaces.portal.return_acts import PlatformForm
from dingdan.surfaces.portal.return_page import Said
from dingdan.surfaces.shared.pages import forms, vocabulary
from dingdan.surfaces.shared.pages.doors import act, screen
from dingdan.surfaces.shared.pages.forms import Form, Upload
from dingdan.surfaces.shared.pages.screens import Act, Done, Facts, Field, Link, Own, Part, Section
from dingdan.surfaces.shared.wire import Prose, Word, ref

REMEDIES = {
    "refund": Text("Money back", "退款"), "reship": Text("The same again", "补发"), "compensation": Text("Compensation", "补偿"),
    "credit": Text("Credit of the shop", "店铺余额"), "coupon": Text("A coupon", "优惠券"), "return": Text("Send it back", "退货"),
}  # fmt: skip
LOGGED = {"opened": "customer", "answered": "customer", "asked": "us", "updated": "us", "closed": "us"}


class ReportForm(Form, frozen=True, kw_only=True):
    """What is wrong."""

    kind: Word
    parcel: Annotated[str, Meta(max_length=64)] = ""
    text: Prose = ""


class AnswerCaseForm(Form, frozen=True, kw_only=True):
    """The answer to what was asked."""

    text: Annotated[str, Meta(min_length=1, max_length=2000)]


class RateCaseForm(Form, frozen=True, kw_only=True):
    """How well it was looked after."""

    rating: Literal["1", "2", "3", "4", "5"]
    text: Prose = ""


@screen("/my/{order_id}/help", permission="case.report")
async def help_page(tx: Tx, order_id: int, guest: access.Guest) -> Own:
    """What can be reported, and what was."""
    order = await orders.get_one(tx, order_id)
    kinds = [
        (code, Text(kind.document.title.en, kind.document.title.zh))
        for code, kind in (await cases.catalogue(tx, order.merchant_id)).items() if kind.is_active and kind.document.by_buyer
    ]  # fmt: skip
    parcels = [(ref("parcel", one.id), one.tracking_number) for one in await fulfilment.parcels_of(tx, [order_id])]
    told = await within.told_cases(tx, order_id)
    main: list[Section] = [Facts(Text("What was reported", "已反馈的问题"), [
        (Text(document.title.en, document.title.zh),
         [vocabulary.chip("case", case.state), Link(pages.of(order_id, "case", "cases", case.id), Text("See how it stands", "查看进度"))])
        for case, document in told
    ])] if told else []  # fmt: skip
    can = orders.actions(order)
    links = [
        Link(
            f"/policy/{(await pages.seller(tx, order.merchant_id)).code}",
            Text("Return policy of this shop", "店铺退货政策"),
        )
    ]
    if "return" in can:
        links.insert(0, Link(pages.here(order_id, "return"), Text("Send something back", "申请退换货")))
    report = Act("report", Text("Report a problem", "反馈问题"), pages.here(order_id, "help"), tone="first", fields=[
        Field("kind", Text("What is wrong?", "问题类型"), "choice", options=kinds),
        *([Field("parcel", Text("Which parcel?", "涉及包裹"), "choice", options=parcels, is_needed=False)] if len(parcels) > 1 else []),
        Field("text", Text("What happened?", "问题描述"), "prose", is_needed=False),
        Field("files", Text("Photos or a film", "照片或视频"), "files", is_needed=False),
    ])  # fmt: skip
    return pages.page(
        Text("Help", "帮助"), guest, back=pages.to_order(order_id), acts=[report] if kinds else [], main=main, links=links,
        lead=Text("Somebody answers for every problem, and tells you by when you hear from them.", "每个问题都有专人负责，并告知您答复时间。"),
    )  # fmt: skip


@act("/my/{order_id}/help", permission="case.report", screen=help_page)
async def report(tx: Tx, order_id: int, *, form: ReportForm, files: list[Upload], settings: Settings) -> Done:
    """Report a problem; the same again while it is looked after is added to the open case."""
    shown = await within.take_in(tx, settings, order_id, files)
    parcel = ids.decode("parcel", form.parcel) if form.parcel else None
    made = await cases.open_by_hand(tx, cases.OpenCase(
        kind=form.kind, order_id=order_id, text=form.text, photos=tuple(ref("evidence", one) for one in shown), parcel_id=parcel,
    ), source="buyer")  # fmt: skip
    return Done(text=Text("We look into it.", "我们已开始处理。"), to=pages.of(order_id, "case", "cases", made.id))


@screen("/my/{order_id}/cases/{case_id}", permission="order.read")
async def show(tx: Tx, order_id: int, case_id: int, guest: access.Guest) -> Own:
    """One problem: what we do, until when, and what the buyer can choose."""
    case, document = await within.own_case(tx, order_id, case_id)
    remedies = (await cases.remedies_of(tx, [case_id]))[case_id]
    here = pages.of(order_id, "case", "cases", case_id)
    can = cases.actions(case, remedies)
    return pages.page(
        Text(document.title.en, document.title.zh), guest, number=ids.spoken(case_id), card=_card(case),
        back=Link(pages.here(order_id, "help"), Text("Help", "帮助")), acts=[*_offers(here, remedies, guest), *_acts(here, can)],
        main=[_done(remedies), Part(Text("What was said", "沟通记录"), "thread.html", {"thread": await _told(tx, case)})],
        more=await _platform(tx, case, here),
    )  # fmt: skip


@act("/my/{order_id}/cases/{case_id}/answer", permission="case.report", screen=show)
async def answer(
    tx: Tx, order_id: int, case_id: int, *, form: AnswerCaseForm, files: list[Upload], settings: Settings
) -> Done:
    """Answer what was asked; our clocks run on."""
    await within.own_case(tx, order_id, case_id)
    shown = await within.take_in(tx, settings, order_id, files)
    await cases.answer(tx, case_id, text=form.text, photos=[ref("evidence", one) for one in shown])
    return Done(text=Text("Thank you.", "谢谢。"), to=pages.of(order_id, "case", "cases", case_id))


@act("/my/{order_id}/cases/{case_id}/rate", permission="case.report", screen=show)
async def rate(tx: Tx, order_id: int, case_id: int, form: RateCaseForm) -> Done:
    """Say how well it was looked after."""
    await within.own_case(tx, order_id, case_id)
    await cases.rate(tx, case_id, rating=int(form.rating), text=form.text)
    return Done(text=Text("Thank you.", "感谢您的评价。"), to=pages.of(order_id, "case", "cases", case_id))


@act("/my/{order_id}/cases/{case_id}/remedies/{remedy_id}/accept", permission="case.report", screen=show)
async def accept(tx: Tx, order_id: int, case_id: int, remedy_id: int) -> Done:
    """Take what is offered, and it is carried out."""
    await within.own_case(tx, order_id, case_id)
    await within.own_remedy(tx, case_id, remedy_id)
    await cases.accept(tx, remedy_id)
    return Done(text=Text("Agreed.", "已接受。"), to=pages.of(order_id, "case", "cases", case_id))


@act("/my/{order_id}/cases/{case_id}/remedies/{remedy_id}/decline", permission="case.report", screen=show)
async def decline(tx: Tx, order_id: int, case_id: int, remedy_id: int) -> Done:
    """Want something else."""
    await within.own_case(tx, order_id, case_id)
    await within.own_remedy(tx, case_id, remedy_id)
    await cases.decline(tx, remedy_id)
    return Done(
        text=Text("We look for something else.", "我们将另行处理。"), to=pages.of(order_id, "case", "cases", case_id)
    )


@act("/my/{order_id}/cases/{case_id}/dispute", permission="dispute.argue", screen=show)
async def dispute(
    tx: Tx, order_id: int, case_id: int, *, form: PlatformForm, files: list[Upload], settings: Settings
) -> Done:
    """Ask the platform to decide about a problem."""
    await within.own_case(tx, order_id, case_id)
    order = await orders.get_one(tx, order_id)
    lines = (await orders.lines(tx, [order_id]))[order_id]
    amount = forms.amount_of(form.amount, order.currency, "amount") if form.amount else 0
    shown = await within.take_in(tx, settings, order_id, files)
    opened = await disputes.open_dispute(tx, disputes.OpenDispute(
        subject="case", subject_id=case_id, issue=form.issue, side=talks.Side.BUYER, text=form.text, evidence=shown,
        lines=tuple(disputes.Wish(line.line_no, line.left, form.outcome, amount) for line in lines if line.left),
    ))  # fmt: skip
    return Done(
        text=Text("The platform looks at it.", "平台已介入。"), to=pages.of(order_id, "dispute", "disputes", opened.id)
    )


def _card(case: cases.Case) -> Card:
    chip = vocabulary.chip("case", case.state)
    if case.ended_at is not None:
        return Card(chip=chip, text=Text("It is over. How it ended was told to you.", "已结束，结果已通知您。"), until=case.ended_at,
                    until_words=Text("Ended", "结束时间"))  # fmt: skip
    if case.answer_by is not None:
        return Card(chip=vocabulary.chip("question", "asked"), text=Text("We need an answer from you.", "需要您的答复。"), until=case.answer_by,
                    until_words=Text("Answer by", "请于此前答复"))  # fmt: skip
    return Card(chip=chip, text=Text("Somebody looks into it.", "专人正在处理。"), until=case.next_update_at,
                until_words=Text("You hear from us by", "最晚答复"))  # fmt: skip


def _offers(here: str, remedies: list[cases.Remedy], guest: access.Guest) -> list[Act]:
    found: list[Act] = []
    for one in remedies:
        if "accept" not in cases.remedy_actions(one, guest.actor):
            continue
        place, words = (
            f"{here}/remedies/{ref('remedy', one.id)}",
            REMEDIES.get(str(one.kind), Text(str(one.kind), str(one.kind))),
        )
        found += [
            Act("accept", Text(f"Accept: {words.en} {Money(one.amount, one.currency)}", f"接受：{words.zh} {Money(one.amount, one.currency)}"),
                f"{place}/accept", tone="first"),
            Act("decline", Text("I want something else", "不接受，另行处理"), f"{place}/decline"),
        ]  # fmt: skip
    return found


def _acts(here: str, can: list[str]) -> list[Act]:
    found: list[Act] = []
    if "answer" in can:
        found.append(
            Act(
                "answer",
                Text("Answer", "答复"),
                f"{here}/answer",
                tone="first",
                fields=[return_forms.SAY, return_forms.FILES],
            )
        )
    if "rate" in can:
        found.append(Act("rate", Text("How well was it looked after?", "评价处理结果"), f"{here}/rate", fields=[
            Field("rating", Text("Your rating", "评分"), "choice", options=order_forms.STARS), return_forms.MAYBE,
        ]))  # fmt: skip
    return found


def _done(remedies: list[cases.Remedy]) -> Section:
    return Facts(Text("What is done about it", "处理方案"), [
        (REMEDIES.get(str(one.kind), Text(str(one.kind), str(one.kind))), [Money(one.amount, one.currency), vocabulary.chip("remedy", one.state)])
        for one in remedies
    ] or [(Text("Plan", "方案"), Text("Not decided yet", "尚未确定"))])  # fmt: skip


async def _told(tx: Tx, case: cases.Case) -> list[Said]:
    """What the buyer said and was told; notes of the staff are not theirs to read."""
    us, you = Text("We", "我们"), Text("You", "您")
    return [
        Said(you if LOGGED[one.entry.kind] == "customer" else us, one.entry.at, one.text, "customer" if LOGGED[one.entry.kind] == "customer" else "us")
        for one in await cases.log(tx, case, with_words=True) if one.entry.kind in LOGGED and one.text
    ]  # fmt: skip


async def _platform(tx: Tx, case: cases.Case, here: str) -> list[Act]:
    if case.order_id is None:
        return []
    known = await disputes.of_orders(tx, [case.order_id])
    if any((one.subject, one.subject_id) == ("case", case.id) for one in known):
        return []
    order = await orders.get_one(tx, case.order_id)
    return [return_forms.platform(here, order.currency)]


ROUTES = [help_page, report, show, answer, rate, accept, decline, dispute]
