"""What the staff notes on orders: words for each other or for the buyer, whom they call by name; tags; who looks after them."""

import re
from collections.abc import Collection, Sequence
from datetime import timedelta

from dingdan.areas import identity
from dingdan.areas.orders.events import (
    OrderAssigned,
    OrderBuyerWritten,
    OrderNoted,
    OrderTagged,
    OrderWordsHeld,
    OrderWordsTakenBack,
)
from dingdan.areas.orders.model import Keeper, Note, Order, Written
from dingdan.areas.orders.promises import WORDS_GO
from dingdan.areas.orders.reading import lock, lock_one
from dingdan.areas.orders.refusals import (
    KeeperOutOfReach,
    KeeperUnknown,
    NobodyOfThatName,
    NoteUnfit,
    NoteUnkept,
    OrderUnknown,
    TagUnfit,
    TooManyNotes,
    TooManyTags,
    WordsGone,
)
from dingdan.areas.orders.store import notes as store
from dingdan.kernel import cards
from dingdan.kernel.actor import ActorKind
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

LONGEST, MOST_NOTES, MOST_CALLED = 2_000, 200, 20
LONGEST_TAG, MOST_TAGS, MOST_MENTIONS = 30, 20, 50
READ = "note.read"
# Roles of the staff that read who looks after an order and say so: who has one of them can look after orders.
KEEPING = frozenset(role for role in identity.STAFF_ROLES if {READ, "note.write"} <= identity.ROLES[role])
# A name behind an @ that begins a word; an e-mail address calls nobody.
_CALLED = re.compile(r"(?<![\w.@])@([\w.+-]*\w)")
# What stands between tags where somebody types several, and what nobody can type.
_NOT_IN_TAGS = re.compile(r"[\x00-\x1f\x7f,，、]")


AT_ONCE = timedelta()


async def note(tx: Tx, order_id: int, *, text: str, is_shown: bool = False, wait: timedelta = AT_ONCE) -> Written:
    """Write on an order; where it is shown the buyer reads it with their order and is told. `@name` calls colleagues.

    What is shown is so at once, or after a `wait` in which it can be taken back. Numbers of cards are taken out. Raises
    OrderUnknown, NoteUnkept of whose person was forgotten, or NoteUnfit, TooManyNotes and every NobodyOfThatName at once.
    """
    order = await lock_one(tx, order_id)
    words = cards.masked(text.strip())
    names = list(dict.fromkeys(_CALLED.findall(words)))
    is_crowd = len(names) > MOST_CALLED
    called = {} if is_crowd else await _called(tx, names, order.merchant_id)
    problems: list[Refusal] = []
    if not 1 <= len(words) <= LONGEST or "\0" in words or is_crowd:
        problems.append(NoteUnfit("text", longest=LONGEST, most=MOST_CALLED))
    if await store.count_notes(tx, order_id) >= MOST_NOTES:
        problems.append(TooManyNotes(most=MOST_NOTES))
    problems += [NobodyOfThatName("text", name=name) for name in names if name not in called and not is_crowd]
    refuse_all(problems)
    (sealed,) = await identity.seal(tx, [(order.buyer_id, words.encode())])
    if sealed is None:
        raise NoteUnkept
    new = Note(
        id=tx.mint(), order_id=order_id, merchant_id=order.merchant_id, is_shown=is_shown, sealed=sealed,
        said_by_kind=str(tx.actor.kind), said_by=tx.actor.id, at=tx.now, buyer_id=order.buyer_id,
        held_until=tx.now + wait if is_shown and wait else None,
    )  # fmt: skip
    await store.add_note(tx, new, set(called.values()))
    if new.held_until is not None:
        # What is written meanwhile goes out with it.
        await deadlines.schedule(tx, WORDS_GO, [deadlines.Due(order_id, order.merchant_id, new.held_until)])
        tx.announce(OrderWordsHeld(subject_id=order_id, merchant_id=order.merchant_id, order_id=order_id,
                                   until=new.held_until))  # fmt: skip
        return Written(new, words)
    kind = OrderBuyerWritten if is_shown else OrderNoted
    tx.announce(kind(subject_id=order_id, merchant_id=order.merchant_id, order_id=order_id, note_id=new.id,
                     called=len(set(called.values()))))  # fmt: skip
    return Written(new, words)


async def unwrite(tx: Tx, order_id: int) -> None:
    """Take back what one wrote to the buyer oneself and what still waits. Raises OrderUnknown, or WordsGone."""
    order = await lock_one(tx, order_id)
    gone, left = await store.unwrite(tx, order_id, str(tx.actor.kind), tx.actor.id)
    if not gone:
        raise WordsGone
    if not left:
        await deadlines.call_off(tx, WORDS_GO, [order_id])
    tx.announce(OrderWordsTakenBack(subject_id=order_id, merchant_id=order.merchant_id, order_id=order_id, notes=gone))


async def send_words(tx: Tx, order_ids: Sequence[int]) -> None:
    """Words for buyers that waited long enough are sent, unless they were taken back."""
    await lock(tx, order_ids)
    tx.announce(*(
        OrderBuyerWritten(subject_id=i, merchant_id=merchant_id, order_id=i, note_id=note_id, called=called)
        for i, merchant_id, note_id, called in await store.let_go(tx, order_ids)
    ))  # fmt: skip


async def see_notes(tx: Tx, order_id: int) -> int:
    """Whoever acts has seen the notes on an order that call them; says how many these were. Raises OrderUnknown."""
    await lock_one(tx, order_id)
    return await store.see(tx, tx.actor.id or 0, order_id) if tx.actor.kind is ActorKind.STAFF else 0


async def notes(tx: Tx, order_ids: Collection[int], *, shown_only: bool = False) -> list[Written]:
    """What was written on orders, oldest first; the words are empty where they are kept in the archive only."""
    return await _opened(tx, await store.notes(tx, order_ids, shown_only=shown_only))


async def unsent(tx: Tx, order_ids: Collection[int]) -> list[Written]:
    """Words for buyers that still wait to be sent, for the staff."""
    return await _opened(tx, await store.notes(tx, order_ids, shown_only=True, is_held=True))


async def mentions(tx: Tx) -> list[Written]:
    """The notes that call whoever asks and that they have not seen, newest first."""
    if tx.actor.kind is not ActorKind.STAFF or tx.actor.id is None:
        return []
    return await _opened(tx, await store.mentions(tx, tx.actor.id, MOST_MENTIONS))


async def tags(tx: Tx, order_ids: Collection[int]) -> dict[int, list[str]]:
    """The tags of orders, by name."""
    return await store.tags(tx, order_ids)


async def tag(tx: Tx, order_ids: Sequence[int], *, add: Sequence[str] = (), drop: Sequence[str] = ()) -> list[int]:
    """Put tags on orders and take others off; gives those that changed. What is so already is no news.

    Raises every OrderUnknown, TagUnfit and TooManyTags at once.
    """
    put = list(dict.fromkeys(word.strip() for word in add))
    found = await lock(tx, order_ids)
    before = await store.tags(tx, found)
    problems: list[Refusal] = [OrderUnknown(f"orders[{n}]") for n, i in enumerate(order_ids) if i not in found]
    problems += [
        TagUnfit(f"add[{n}]", longest=LONGEST_TAG)
        for n, word in enumerate(put) if not 1 <= len(word) <= LONGEST_TAG or _NOT_IN_TAGS.search(word)
    ]  # fmt: skip
    problems += [
        TooManyTags(f"orders[{n}]", most=MOST_TAGS)
        for n, i in enumerate(order_ids)
        if i in before and len({*before[i], *put} - {word for word in drop if word not in put}) > MOST_TAGS
    ]
    refuse_all(problems)
    new = await store.add_tags(tx, [(i, one.merchant_id, word) for i, one in found.items() for word in put])
    gone = await store.drop_tags(tx, list(found), [word for word in drop if word not in put])
    changed = sorted({i for i, _ in new | gone})
    tx.announce(*(
        OrderTagged(subject_id=i, merchant_id=found[i].merchant_id, order_id=i,
                    added=sorted(word for at, word in new if at == i), dropped=sorted(word for at, word in gone if at == i))
        for i in changed
    ))  # fmt: skip
    return changed


async def assign(tx: Tx, order_ids: Sequence[int], *, to: int | None) -> list[int]:
    """Have somebody look after these orders, or nobody; gives those that changed. What is so already is no news.

    Raises KeeperUnknown and every OrderUnknown and KeeperOutOfReach at once.
    """
    found = await lock(tx, order_ids)
    person = (await identity.staff_by_ids(tx, [to])).get(to) if to is not None else None
    problems: list[Refusal] = [OrderUnknown(f"orders[{n}]") for n, i in enumerate(order_ids) if i not in found]
    if to is not None and (person is None or not is_choosable(person, tx.actor.merchant_id)):
        problems.append(KeeperUnknown("to"))
    elif person is not None:
        problems += [
            KeeperOutOfReach(f"orders[{n}]", name=person.name)
            for n, i in enumerate(order_ids) if i in found and not may_keep(person, found[i].merchant_id)
        ]  # fmt: skip
    refuse_all(problems)
    merchants = {i: one.merchant_id for i, one in found.items()}
    changed = sorted(await store.unkeep(tx, merchants) if to is None else await store.keep(tx, merchants, to))
    tx.announce(*(
        OrderAssigned(subject_id=i, merchant_id=merchants[i], order_id=i, staff_id=to) for i in changed
    ))  # fmt: skip
    return changed


async def hand_on(tx: Tx, heirs: Sequence[Order]) -> None:
    """Who looks after orders, and their tags, pass to those that took their place; both are locked."""
    after = {one.replaces: one for one in heirs if one.replaces is not None}
    passed = {before: one.id for before, one in after.items()}
    kept, tagged = await store.hand_on_keepers(tx, passed), await store.hand_on_tags(tx, passed)
    for before, one in sorted(after.items()):
        if before in kept:
            tx.announce(*(
                OrderAssigned(subject_id=i, merchant_id=one.merchant_id, order_id=i, staff_id=to)
                for i, to in ((before, None), (one.id, kept[before]))
            ))  # fmt: skip
        if words := tagged.get(before):
            tx.announce(*(
                OrderTagged(subject_id=i, merchant_id=one.merchant_id, order_id=i, added=added, dropped=dropped)
                for i, added, dropped in ((before, [], words), (one.id, words, []))
            ))  # fmt: skip


async def keepers(tx: Tx, order_ids: Collection[int]) -> dict[int, Keeper]:
    """Who looks after these orders; those after which nobody does are left out, and so are people who were let go."""
    return {one.order_id: one for one in await store.keepers(tx, order_ids, KEEPING)} if order_ids else {}


def is_choosable(person: identity.Staff, house: int | None) -> bool:
    """Whether somebody of a house (None: of the platform) may have this person look after orders."""
    return person.active and not KEEPING.isdisjoint(person.roles) and house in (None, person.merchant_id)


def may_keep(person: identity.Staff, merchant_id: int) -> bool:
    """Whether this person sees the orders of this merchant."""
    return person.merchant_id in (None, merchant_id)


async def _called(tx: Tx, names: Sequence[str], merchant_id: int) -> dict[str, int]:
    """Whom these names mean: people of one's own house, and for the platform those of the order's merchant too."""
    if not names:
        return {}
    houses = {tx.actor.merchant_id} if tx.actor.merchant_id is not None else {None, merchant_id}
    known = [one for one in await identity.staff_named(tx, names, houses) if _may_read(one)]
    found: dict[str, int] = {}
    for name in names:
        logins = [one.id for one in known if one.login == name.lower()]
        same = logins or [one.id for one in known if one.name == name]
        if len(same) == 1:
            found[name] = same[0]
    return found


def _may_read(one: identity.Staff) -> bool:
    return READ in identity.permissions_of(frozenset(one.roles))


async def _opened(tx: Tx, found: Sequence[Note]) -> list[Written]:
    plain = await identity.unseal(tx, [(one.buyer_id, one.sealed) for one in found])
    return [
        Written(one, words.decode() if words is not None else "")
        for one, words in zip(found, plain, strict=True) if tx.actor.reaches(one.merchant_id)
    ]  # fmt: skip
