"""Credit: what buyers have with us, how it got there, and cards for whoever knows their code."""

from datetime import datetime
from typing import Annotated, Literal

from litestar import Response
from msgspec import Meta

from dingdan.areas import credit, identity
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import rows, scope
from dingdan.surfaces.shared.doors import Ask, get, post
from dingdan.surfaces.shared.wire import (
    Code,
    Currency,
    Input,
    Line,
    List,
    MerchantRef,
    Moment,
    MoneyInput,
    View,
    allowed,
    ref,
    ref_or_none,
)

Count = Annotated[int, Meta(ge=1, le=10**12, description="Minor units of the currency, or points.")]

ACTIONS = dict.fromkeys(("take_back", "block", "unblock", "extend"), "credit.grant")


class GrantInput(Input, frozen=True, kw_only=True):
    """Something for a buyer, named by the shop's own id of them: money in a currency, or points that may end."""

    merchant: MerchantRef | None = None
    buyer: Line
    kind: Literal["balance", "points"]
    amount: Count
    currency: Currency | None = None
    reason: Code
    funding: credit.Funding = credit.Funding.GIVEN
    expires_at: Moment | None = None


class TakeBackInput(Input, frozen=True, kw_only=True):
    """What was granted by mistake; `funding` is what the grant named."""

    amount: Count
    reason: Code
    funding: credit.Funding = credit.Funding.GIVEN


class CreditQuery(Input, frozen=True, kw_only=True):
    """Whose."""

    merchant: MerchantRef | None = None
    buyer: Line


class CardInput(Input, frozen=True, kw_only=True):
    """A card to be issued; of the platform, good at every merchant, where a platform key names none."""

    merchant: MerchantRef | None = None
    amount: MoneyInput
    funding: credit.Funding = credit.Funding.RECEIVED
    expires_at: Moment | None = None


class LookInput(Input, frozen=True, kw_only=True):
    """A code as somebody typed it."""

    merchant: MerchantRef | None = None
    code: Annotated[str, Meta(min_length=1, max_length=40)]


class BlockInput(Input, frozen=True, kw_only=True):
    """Why."""

    reason: Code


class ExtendInput(Input, frozen=True, kw_only=True):
    """Until when."""

    expires_at: Moment


class EndingView(View, frozen=True, kw_only=True):
    """Points and when they end."""

    amount: int
    expires_at: datetime | None


class CardView(View, frozen=True, kw_only=True):
    """What is known of a card; its code is not."""

    tail: str
    is_usable: bool
    expires_at: datetime | None
    blocked_at: datetime | None
    issued_at: datetime


class PurseView(View, frozen=True, kw_only=True):
    """A purse in minor units or points; `held` is kept for orders that wait for their money."""

    id: str
    merchant: str | None
    kind: credit.PurseKind
    unit: str
    balance: int
    held: int
    available: int
    endings: list[EndingView]
    card: CardView | None
    available_actions: list[str]


class MovementView(View, frozen=True, kw_only=True):
    """One change of what is in a purse."""

    kind: str
    amount: int
    order_id: str | None
    reason: str
    at: datetime


class PursePage(View, frozen=True, kw_only=True):
    """A purse with its last fifty changes, newest first."""

    purse: PurseView
    movements: list[MovementView]


class IssuedCardView(View, frozen=True, kw_only=True):
    """A card just issued. The code stands in the first answer and nowhere else."""

    purse: PurseView
    code: str | None


@post("/v1/credit/grants", permission="credit.grant", status=201)
async def grant(tx: Tx, body: GrantInput) -> PurseView:
    """Put money or points into a buyer's purse; a buyer who never ordered may have one, too."""
    merchant_id = await scope.merchant_id_meant(tx, body.merchant)
    is_points = body.kind == "points"
    with rows.one_of_a_set():
        buyers = await identity.know_buyers(tx, [(merchant_id, body.buyer)])
        (purse,) = await credit.grant(tx, [
            credit.Grant(
                merchant_id=merchant_id, buyer_id=buyers[merchant_id, body.buyer], kind=credit.PurseKind(body.kind),
                unit=(body.currency or credit.POINTS_UNIT) if is_points else (body.currency or ""), amount=body.amount,
                reason=body.reason, funding=body.funding, expires_at=body.expires_at,
            )
        ])  # fmt: skip
    return await _one(tx, purse.id)


@get("/v1/credit", permission="credit.read")
async def listed(tx: Tx, query: CreditQuery) -> List[PurseView]:
    """What a buyer has with a merchant: balances by currency, and points with when they end."""
    merchant_id = await scope.merchant_id_meant(tx, query.merchant, "query.merchant")
    buyer_id = await identity.find_buyer(tx, merchant_id, query.buyer)
    purses = (await credit.of_buyers(tx, [buyer_id]))[buyer_id] if buyer_id is not None else []
    return List(items=await _views(tx, purses))


@get("/v1/purses/{purse_id}", permission="credit.read")
async def show(tx: Tx, purse_id: int) -> PursePage:
    """A purse and how it came to be what it is."""
    return PursePage(purse=await _one(tx, purse_id), movements=[
        MovementView(kind=one.kind, amount=one.amount, order_id=ref_or_none("order", one.order_id), reason=one.reason,
                     at=one.at)
        for one in await credit.movements(tx, purse_id)
    ])  # fmt: skip


@post("/v1/purses/{purse_id}/take_back", permission="credit.grant")
async def take_back(tx: Tx, purse_id: int, body: TakeBackInput) -> PurseView:
    """Take out what was put there by mistake; what is spent or kept for an order cannot be."""
    await credit.take_back(tx, purse_id, body.amount, reason=body.reason, funding=body.funding)
    return await _one(tx, purse_id)


@post("/v1/purses/{purse_id}/block", permission="credit.grant")
async def block(tx: Tx, purse_id: int, body: BlockInput) -> PurseView:
    """Let a card pay no more; what is on it stays on it."""
    await credit.block_card(tx, purse_id, reason=body.reason)
    return await _one(tx, purse_id)


@post("/v1/purses/{purse_id}/unblock", permission="credit.grant")
async def unblock(tx: Tx, purse_id: int) -> PurseView:
    """Let a card pay again."""
    await credit.unblock_card(tx, purse_id)
    return await _one(tx, purse_id)


@post("/v1/purses/{purse_id}/extend", permission="credit.grant")
async def extend(tx: Tx, purse_id: int, body: ExtendInput) -> PurseView:
    """Let a card be good for longer, also one whose date has passed."""
    await credit.extend_card(tx, purse_id, body.expires_at)
    return await _one(tx, purse_id)


@post("/v1/cards", permission="credit.grant", status=201, answers=IssuedCardView)
async def issue(ask: Ask, body: CardInput) -> Response[bytes]:
    """Issue a card. Its code stands in the first answer and nowhere else: repeating the request does not show it."""
    fresh: dict[int, str] = {}

    async def act(tx: Tx) -> int:
        merchant_id = await scope.merchant_filter(tx, body.merchant, "merchant")
        wanted = credit.NewCard(merchant_id=merchant_id, currency=body.amount.currency, amount=body.amount.amount,
                                funding=body.funding, expires_at=body.expires_at)  # fmt: skip
        with rows.one_of_a_set():
            (issued,) = await credit.issue_cards(tx, [wanted])
        fresh[issued.purse_id] = issued.code
        return issued.purse_id

    async def render(purse_id: int) -> IssuedCardView:
        async with ask.db.reading(ask.actor) as tx:
            return IssuedCardView(purse=await _one(tx, purse_id), code=fresh.get(purse_id))

    return await ask.once(act, render=render)


@post("/v1/cards/look", permission="credit.read", why_unkeyed="it changes nothing but the count of wrong codes")
async def look(ask: Ask, body: LookInput) -> PurseView:
    """What is on a card, by its code. Wrong codes are counted, and after some of them nothing is looked up any more."""
    async with ask.db.reading(ask.actor) as tx:
        merchant_id = await scope.merchant_id_meant(tx, body.merchant)
    who = f"{ask.actor.kind}:{ask.actor.id or 0}"
    (found,) = await do(ask.db, ask.actor, credit.present, [body.code], who=who, merchant_ids={merchant_id})
    problem: Refusal | None = None
    if found.retry_at is not None:
        problem = credit.TooManyTries("code", retry_at=found.retry_at.isoformat())
    elif found.purse_id is None:
        problem = credit.CardUnusable("code")
    if problem is not None or found.purse_id is None:
        raise problem or credit.CardUnusable("code")
    return await do(ask.db, ask.actor, _shown_to_holder, found.purse_id)


async def _shown_to_holder(tx: Tx, purse_id: int) -> PurseView:
    """Whoever knows the code sees the card, the platform's too."""
    (view,) = await _views(tx, list((await credit.get(tx, [purse_id])).values()))
    return view


async def _one(tx: Tx, purse_id: int) -> PurseView:
    (view,) = await _views(tx, [await credit.get_one(tx, purse_id)])
    return view


async def _views(tx: Tx, purses: list[credit.Purse]) -> list[PurseView]:
    ids = [purse.id for purse in purses]
    endings, cards = await credit.endings(tx, ids), await credit.cards(tx, ids)
    return [
        PurseView(
            id=ref("purse", purse.id), merchant=ref_or_none("merchant", purse.merchant_id), kind=purse.kind,
            unit=purse.unit, balance=purse.balance, held=purse.held, available=purse.available,
            endings=[EndingView(amount=one.amount, expires_at=one.ends) for one in endings[purse.id]],
            card=_card(tx, cards[purse.id]) if purse.id in cards else None,
            available_actions=allowed(tx.actor, _actions(purse, cards.get(purse.id)), ACTIONS),
        )
        for purse in purses
    ]  # fmt: skip


def _card(tx: Tx, card: credit.Card) -> CardView:
    return CardView(tail=card.tail, is_usable=card.is_usable(tx.now), expires_at=card.expires_at,
                    blocked_at=card.blocked_at, issued_at=card.issued_at)  # fmt: skip


def _actions(purse: credit.Purse, card: credit.Card | None) -> list[str]:
    found = ["take_back"] if purse.available else []
    if card is not None:
        found += ["unblock" if card.blocked_at else "block", "extend"]
    return found


ROUTES = [grant, listed, show, take_back, block, unblock, extend, issue, look]
