"""Cards: issued with a code that is seen once, presented with a limit on guesses, blocked, and made to last longer."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime

from dingdan.areas.credit import booking, reading, store
from dingdan.areas.credit.events import CardBlocked, CardExtended, CardIssued, CardsGuessed, CardUnblocked
from dingdan.areas.credit.model import Card, IssuedCard, NewCard, Presented, PurseKind
from dingdan.areas.credit.refusals import ExpiryUnfit, PurseUnknown
from dingdan.areas.credit.rules import granting, guessing
from dingdan.kernel.ids import ALPHABET
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing.tx import Tx


async def issue_cards(tx: Tx, wanted: Sequence[NewCard]) -> list[IssuedCard]:
    """Issue cards; their codes are given back this once and only their hashes kept.

    Raises AmountUnfit, UnitUnfit and ExpiryUnfit, all problems together, with paths `[i].part`.
    """
    refuse_all(granting.problems_of_cards(wanted, now=tx.now))
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(guessing.CODE_LENGTH)) for _ in wanted]
    rows = list(zip(tx.mint_many(len(wanted)), wanted, codes, strict=True))
    await store.add_cards(tx, [
        (i, card.merchant_id, card.currency, code_hash(tx, code), code[-guessing.TAIL :], card.expires_at)
        for i, card, code in rows
    ])  # fmt: skip
    await store.change(tx, [(i, card.amount, 0) for i, card, _ in rows])
    await booking.book(tx, [
        booking.Move(i, card.merchant_id, "grant", card.amount, card.currency, reason="issued", funding=card.funding)
        for i, card, _ in rows
    ])  # fmt: skip
    tx.announce(*(
        CardIssued(subject_id=i, merchant_id=card.merchant_id, amount=card.amount, currency=card.currency)
        for i, card, _ in rows
    ))  # fmt: skip
    return [IssuedCard(i, guessing.spoken(code)) for i, _, code in rows]


async def present(tx: Tx, codes: Sequence[str], *, who: str, merchant_ids: Collection[int]) -> list[Presented]:
    """Look codes up that somebody typed, good for orders of all these merchants; wrong ones are counted.

    Nothing is raised, so that the count is committed whatever becomes of it. A code that is unknown, another
    merchant's, blocked or past its date is wrong, and nobody learns which. After too many nothing is looked up.
    """
    before = await store.tries(tx, who)
    waits = guessing.retry_at(who, before, now=tx.now)
    if waits is not None:
        return [Presented(None, waits)] * len(codes)
    found = [await _open(tx, code, merchant_ids) for code in codes]
    wrong = found.count(None)
    if wrong:
        after = guessing.after(before, wrong, now=tx.now)
        await store.note_tries(tx, who, after)
        if guessing.retry_at(who, after, now=tx.now) is not None and len(set(merchant_ids)) == 1:
            kind, _, number = who.partition(":")
            (merchant_id,) = set(merchant_ids)
            tx.announce(CardsGuessed(subject_id=merchant_id, merchant_id=merchant_id, tried_by=kind,
                                     tried_by_id=int(number or 0), wrong=after.wrong))  # fmt: skip
    return [Presented(purse_id) for purse_id in found]


async def block_card(tx: Tx, purse_id: int, *, reason: str) -> Card:
    """Let a card pay no more; what it holds stays on it. Raises PurseUnknown."""
    card = await _one(tx, purse_id)
    if card.blocked_at is None:
        await store.stamp_card(tx, purse_id, expires_at=card.expires_at, blocked_at=tx.now)
        tx.announce(CardBlocked(subject_id=purse_id, merchant_id=card.merchant_id, reason=reason))
    return await _one(tx, purse_id)


async def unblock_card(tx: Tx, purse_id: int) -> Card:
    """Let a card pay again. Raises PurseUnknown."""
    card = await _one(tx, purse_id)
    if card.blocked_at is not None:
        await store.stamp_card(tx, purse_id, expires_at=card.expires_at, blocked_at=None)
        tx.announce(CardUnblocked(subject_id=purse_id, merchant_id=card.merchant_id))
    return await _one(tx, purse_id)


async def extend_card(tx: Tx, purse_id: int, until: datetime) -> Card:
    """Let a card be good for longer, also one whose date has passed. Raises PurseUnknown or ExpiryUnfit."""
    card = await _one(tx, purse_id)
    if until <= tx.now or (card.expires_at is not None and until < card.expires_at):
        raise ExpiryUnfit("expires_at", kind=str(PurseKind.CARD), date=until.date().isoformat(),
                          years=granting.CARD_YEARS)  # fmt: skip
    if until != card.expires_at:
        await store.stamp_card(tx, purse_id, expires_at=until, blocked_at=card.blocked_at)
        tx.announce(CardExtended(subject_id=purse_id, merchant_id=card.merchant_id, until=until.isoformat()))
    return await _one(tx, purse_id)


def code_hash(tx: Tx, plain: str) -> bytes:
    """The keyed hash of a code that is folded already."""
    hashed: bytes = tx.sealer.fingerprint("card", plain)
    return hashed


async def _open(tx: Tx, code: str, merchant_ids: Collection[int]) -> int | None:
    plain = guessing.folded(code)
    if plain is None:
        return None
    found = await store.by_code_hash(tx, [code_hash(tx, plain)])
    cards = await store.cards(tx, found.values())
    good = [i for i, card in cards.items() if card.is_usable(tx.now) and _is_good_at(card, merchant_ids)]
    return good[0] if good else None


def _is_good_at(card: Card, merchant_ids: Collection[int]) -> bool:
    """A merchant's card pays at that merchant, the platform's at every one."""
    return card.merchant_id is None or card.merchant_id in merchant_ids


async def _one(tx: Tx, purse_id: int) -> Card:
    await reading.get_one(tx, purse_id)
    await store.get(tx, [purse_id], lock=True)
    found = await store.cards(tx, [purse_id])
    if purse_id not in found:
        raise PurseUnknown
    return found[purse_id]
