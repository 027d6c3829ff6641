"""What buyers have with us: balances, points and cards; granted, taken back, blocked and made good for longer."""

from typing import Annotated, Literal

from msgspec import Meta

from dingdan.areas import credit, identity
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews import purse_list
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing, typed
from dingdan.surfaces.shared import rows, scope
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.doors import ListQuery, act, screen
from dingdan.surfaces.shared.pages.forms import Form, Typed, amount_of
from dingdan.surfaces.shared.pages.listing import listing, slice_of
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Chip,
    Code,
    Column,
    Done,
    Empty,
    Facts,
    Field,
    Filter,
    Listing,
    Row,
    Sheet,
    Table,
    Two,
    View,
)
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Code as CodeWord
from dingdan.surfaces.shared.wire import Currency, Line, MerchantRef

KINDS = {"balance": Text("Balance", "余额"), "points": Text("Points", "积分"), "card": Text("Card", "礼品卡")}
WHY = (
    ("goodwill", Text("Goodwill", "友好补偿")), ("promotion", Text("A promotion", "活动赠送")),
    ("migration", Text("Brought over from elsewhere", "系统迁移")), ("mistake", Text("A mistake", "操作失误")),
    ("other", Text("Something else", "其他")),
)  # fmt: skip
FUNDING = (
    (str(credit.Funding.GIVEN), Text("given by us", "我方赠送")), (str(credit.Funding.RECEIVED), Text("paid for", "已收款")),
)  # fmt: skip
BLOCK = (
    ("lost", Text("Lost or stolen", "遗失或被盗")), ("fraud", Text("Looks like fraud", "疑似欺诈")), ("mistake", Text("Issued by mistake", "误发")),
)  # fmt: skip


class PurseQuery(ListQuery, frozen=True, kw_only=True):
    """Which purses; `buyer` is the shop's own id of somebody, `tail` the end of a card's code."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None
    kind: credit.PurseKind | None = None
    buyer: Annotated[str, Meta(max_length=200)] | None = None
    tail: Annotated[str, Meta(max_length=4)] | None = None


class GrantForm(Form, frozen=True, kw_only=True):
    """Something for a buyer, whom the shop's own id names."""

    merchant: MerchantRef | None = None
    buyer: Line
    kind: Literal["balance", "points"]
    amount: Typed
    currency: Currency = "CNY"
    reason: CodeWord
    funding: credit.Funding = credit.Funding.GIVEN
    expires_at: Annotated[str, Meta(max_length=40)] | None = None


class IssueForm(Form, frozen=True, kw_only=True):
    """A card; of the platform where none of its people names a merchant."""

    merchant: MerchantRef | None = None
    amount: Typed
    currency: Currency = "CNY"
    funding: credit.Funding = credit.Funding.RECEIVED
    expires_at: Annotated[str, Meta(max_length=40)] | None = None


class TakeForm(Form, frozen=True, kw_only=True):
    """What was granted by mistake."""

    amount: Typed
    reason: CodeWord
    funding: credit.Funding = credit.Funding.GIVEN


class CardWhyForm(Form, frozen=True, kw_only=True):
    """Why."""

    reason: CodeWord


class UntilForm(Form, frozen=True, kw_only=True):
    """Until when."""

    expires_at: Annotated[str, Meta(min_length=1, max_length=40)]


@screen("/credit", permission="credit.read")
async def listed(tx: Tx, query: PurseQuery) -> Listing:
    """Balances, points and cards, newest first."""
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    buyer_id = None
    if query.buyer is not None:
        whose = await scope.merchant_id_meant(tx, query.merchant, "query.merchant")
        buyer_id = await identity.find_buyer(tx, whose, query.buyer) or 0
    found = await purse_list.page(
        tx, slice_of(query), merchant_id=merchant_id, kind=query.kind, tail=query.tail, buyer_id=buyer_id
    )
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    shops = await choosing.merchants_to_choose(tx)
    return listing(
        found, lambda one: Row(naming.ref("purse", one.id), naming.place("purse", one.id), {
            "purse": Two(KINDS[one.kind], Code(f"…{one.tail}") if one.tail else None),
            "merchant": names.get(one.merchant_id, Text("every merchant", "全平台")),
            "balance": _amount(one.balance, one.unit), "held": _amount(one.held, one.unit) if one.held else None,
            "stands": Chip(Text("blocked", "已冻结"), "blocked") if one.blocked_at else None,
        }),
        title=Text("Balances, points and cards", "余额、积分与礼品卡"), columns=[
            Column("purse", Text("What", "类型")), Column("merchant", Text("Good at", "适用商家")),
            Column("balance", Text("There is", "余额"), is_number=True), Column("held", Text("Kept for orders", "占用"), is_number=True),
            Column("stands", Text("Stands", "状态")),
        ],
        views=[View(Text("All", "全部")), *(View(text, {"kind": kind}) for kind, text in KINDS.items())],
        filters=[Filter("merchant", Text("Merchant", "商家"), shops), Filter("buyer", Text("Buyer (the shop's id)", "买家（店铺 ID）")),
                 Filter("tail", Text("Card ends in", "卡号尾号"))],
        empty=Empty(Text("Nobody has anything with us yet.", "暂无余额、积分或礼品卡。")),
        acts=_making(shops) if tx.actor.may("credit.grant") else [],
    )  # fmt: skip


@screen("/purses/{purse_id}", permission="credit.read")
async def show(tx: Tx, purse_id: int) -> Sheet:
    """One purse and how it came to be what it is."""
    purse = await credit.get_one(tx, purse_id)
    card = (await credit.cards(tx, [purse_id])).get(purse_id)
    moved = await credit.movements(tx, purse_id)
    ends = (await credit.endings(tx, [purse_id]))[purse_id]
    facts: list[tuple[Text, object]] = [
        (Text("There is", "余额"), _amount(purse.balance, purse.unit)), (Text("Kept for orders", "占用"), _amount(purse.held, purse.unit)),
        (Text("Can be spent", "可用"), _amount(purse.available, purse.unit)),
        *((Text("Of it until", "其中有效期至"), [_amount(one.amount, purse.unit), one.ends]) for one in ends if one.ends is not None),
    ]  # fmt: skip
    if card is not None:
        facts += [(Text("Issued", "发行时间"), card.issued_at), (Text("Good until", "有效期至"), card.expires_at)]
    return Sheet(
        title=KINDS[str(purse.kind)], kind=Text("What somebody has with us", "买家资产"), key=naming.ref("purse", purse_id),
        full=naming.place("purse", purse_id), acts=_acts(tx, purse, card),
        chips=[Chip(Text("blocked", "已冻结"), "blocked")] if card is not None and card.blocked_at else [],
        main=[Table(Text("How it came to be", "变动记录"), [
            Column("at", Text("When", "时间")), Column("kind", Text("What", "类型")), Column("order", Text("Order", "订单")),
            Column("why", Text("Why", "原因")), Column("amount", Text("Amount", "数额"), is_number=True),
        ], [Row(str(n), None, {
            "at": one.at, "kind": Code(str(one.kind)), "order": naming.link("order", one.order_id), "why": Code(one.reason) if one.reason else None,
            "amount": _amount(one.amount, purse.unit),
        }) for n, one in enumerate(moved)])],
        side=[Facts(Text("Purse", "账户"), facts)],
    )  # fmt: skip


@act("/credit/grant", permission="credit.grant", fresh=True)
async def grant(tx: Tx, form: GrantForm) -> Done:
    """Put money or points into a buyer's purse; a buyer who never ordered may have one, too."""
    merchant_id, is_points = await scope.merchant_id_meant(tx, form.merchant), form.kind == "points"
    unit = credit.POINTS_UNIT if is_points else form.currency
    with rows.one_of_a_set():
        buyers = await identity.know_buyers(tx, [(merchant_id, form.buyer)])
        (purse,) = await credit.grant(tx, [credit.Grant(
            merchant_id=merchant_id, buyer_id=buyers[merchant_id, form.buyer], kind=credit.PurseKind(form.kind), unit=unit,
            amount=_count(form.amount, unit), reason=form.reason, funding=form.funding,
            expires_at=typed.moment_of(form.expires_at, "expires_at"),
        )])  # fmt: skip
    return Done(text=Text("Granted", "已发放"), to=naming.place("purse", purse.id))


@act("/credit/issue", permission="credit.grant", fresh=True, is_secret=True)
async def issue(tx: Tx, form: IssueForm) -> Done:
    """Issue a card. Its code is shown this once and stored nowhere."""
    with rows.one_of_a_set():
        (made,) = await credit.issue_cards(tx, [credit.NewCard(
            merchant_id=await scope.merchant_filter(tx, form.merchant, "merchant"), currency=form.currency,
            amount=amount_of(form.amount, form.currency, "amount"), funding=form.funding,
            expires_at=typed.moment_of(form.expires_at, "expires_at"),
        )])  # fmt: skip
    return Done(
        text=Text("Card issued", "礼品卡已发行"),
        to=naming.place("purse", made.purse_id),
        shown=[(Text("Code", "卡密"), made.code)],
    )


@act("/purses/{purse_id}/take_back", permission="credit.grant", fresh=True)
async def take_back(tx: Tx, purse_id: int, form: TakeForm) -> Done:
    """Take out what was put there by mistake; what is spent or kept for an order cannot be."""
    purse = await credit.get_one(tx, purse_id)
    await credit.take_back(tx, purse_id, _count(form.amount, purse.unit), reason=form.reason, funding=form.funding)
    return Done(text=Text("Taken back", "已收回"))


@act("/purses/{purse_id}/block", permission="credit.grant")
async def block(tx: Tx, purse_id: int, form: CardWhyForm) -> Done:
    """Let a card pay no more; what is on it stays on it."""
    await credit.block_card(tx, purse_id, reason=form.reason)
    return Done(text=Text("Card blocked", "礼品卡已冻结"))


@act("/purses/{purse_id}/unblock", permission="credit.grant")
async def unblock(tx: Tx, purse_id: int) -> Done:
    """Let a card pay again."""
    await credit.unblock_card(tx, purse_id)
    return Done(text=Text("Card pays again", "礼品卡已解冻"))


@act("/purses/{purse_id}/extend", permission="credit.grant")
async def extend(tx: Tx, purse_id: int, form: UntilForm) -> Done:
    """Let a card be good for longer, also one whose date has passed."""
    until = typed.moment_of(form.expires_at, "expires_at")
    if until is None:
        raise Malformed("expires_at", what="a date is needed", what_zh="请填写日期")
    await credit.extend_card(tx, purse_id, until)
    return Done(text=Text("Good for longer", "有效期已延长"))


def _making(shops: list[tuple[str, Text]]) -> list[Act]:
    shop = [Field("merchant", Text("Merchant", "商家"), "choice", options=shops)] if len(shops) > 1 else []
    any_shop = [Field("merchant", Text("Good at", "适用商家"), "choice", options=shops, is_needed=False,
                      hint=Text("Nothing: at every merchant of the platform.", "不选则全平台可用。"))] if len(shops) > 1 else []  # fmt: skip
    amount = Field("amount", Text("Amount, or points", "金额或积分"))
    ends = Field("expires_at", Text("Until", "有效期至"), "date", is_needed=False)
    return [
        Act("grant", Text("Grant", "发放"), "/credit/grant", "N", [
            *shop, Field("buyer", Text("Buyer (the shop's id)", "买家（店铺 ID）")), Field("kind", Text("What", "类型"), "choice", options=[
                ("balance", KINDS["balance"]), ("points", KINDS["points"])], value="balance"),
            amount, Field("currency", Text("Currency", "币种"), value="CNY"), Field("reason", Text("Why", "原因"), "choice", options=WHY),
            Field("funding", Text("Whose money", "资金来源"), "choice", options=FUNDING, value=FUNDING[0][0]), ends,
        ]),
        Act("issue", Text("Issue a card", "发行礼品卡"), "/credit/issue", fields=[
            *any_shop, Field("amount", Text("Amount", "金额"), "money"), Field("funding", Text("Whose money", "资金来源"), "choice",
                                                                          options=FUNDING, value=FUNDING[1][0]), ends,
        ], warns=Text("The code is shown once and stored nowhere.", "卡密仅显示一次，系统不保存。")),
    ]  # fmt: skip


def _acts(tx: Tx, purse: credit.Purse, card: credit.Card | None) -> list[Act]:
    if not tx.actor.may("credit.grant"):
        return []
    here = naming.place("purse", purse.id)
    empty = None if purse.available else Text("Nothing in it can be taken back.", "无可收回的余额。")
    found = [Act("take_back", Text("Take back", "收回"), f"{here}/take_back", fields=[
        Field("amount", Text("Amount, or points", "金额或积分")), Field("reason", Text("Why", "原因"), "choice", options=WHY, value="mistake"),
        Field("funding", Text("Whose money", "资金来源"), "choice", options=FUNDING, value=FUNDING[0][0]),
    ], tone="danger", why_not=empty)]  # fmt: skip
    if card is None:
        return found
    found.append(
        Act("unblock", Text("Unblock", "解冻"), f"{here}/unblock", "B") if card.blocked_at is not None
        else Act("block", Text("Block", "冻结"), f"{here}/block", "B", [Field("reason", Text("Why", "原因"), "choice", options=BLOCK)])
    )  # fmt: skip
    found.append(
        Act(
            "extend",
            Text("Good for longer", "延长有效期"),
            f"{here}/extend",
            fields=[Field("expires_at", Text("Until", "有效期至"), "date")],
        )
    )
    return found


def _amount(amount: int, unit: str) -> Money | Text:
    return Text(f"{amount:,} points", f"{amount:,} 积分") if unit == credit.POINTS_UNIT else Money(amount, unit)


def _count(text: str, unit: str) -> int:
    """Points are counted, money is typed as decimals. Raises Malformed."""
    if unit != credit.POINTS_UNIT:
        return amount_of(text, unit, "amount")
    plain = text.strip().replace(",", "")
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 12):
        raise Malformed("amount", what="points are whole numbers", what_zh="积分须为整数")
    return int(plain)


ROUTES = [listed, show, grant, issue, take_back, block, unblock, extend]
