"""How things are written on the wire: ids, moments, pages, deadlines, and what may be done next."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Generic, Protocol, TypeVar

import msgspec
from litestar import Response
from msgspec import Meta

from dingdan.kernel import ids, page
from dingdan.kernel.actor import Actor
from dingdan.kernel.address import Address
from dingdan.kernel.money import MAX_AMOUNT, Money
from dingdan.plumbing import deadlines
from dingdan.surfaces.shared.problems import Malformed

T = TypeVar("T")

# What strings and numbers in a request may be; every one of them has a bound.
Word = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^\S(.*\S)?$")]
# A reason or another word that ends up in facts, which never change: a code, never a sentence about somebody.
Code = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Line = Annotated[str, Meta(min_length=1, max_length=200)]
Short = Annotated[str, Meta(max_length=100)]
Prose = Annotated[str, Meta(max_length=2000)]
Sku = Annotated[str, Meta(min_length=1, max_length=64)]
Quantity = Annotated[int, Meta(ge=1, le=1_000_000)]
LineNo = Annotated[int, Meta(ge=1, le=32_767)]
Amount = Annotated[int, Meta(ge=0, le=MAX_AMOUNT)]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
Language = Annotated[
    str, Meta(max_length=35, pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$", description="A BCP 47 tag.")
]
Moment = Annotated[datetime, Meta(tz=True)]
Limit = Annotated[int, Meta(ge=1, le=page.MAX_LIMIT)]
Cursor = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{11}$", description="`next` of the slice before.")]
Translations = Annotated[
    dict[
        Annotated[str, Meta(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")],
        Annotated[str, Meta(max_length=200)],
    ],
    Meta(min_length=1, max_length=20, description="Text by BCP 47 language tag."),
]
Titles = Annotated[
    dict[Annotated[str, Meta(max_length=35)], Annotated[str, Meta(max_length=500)]],
    Meta(min_length=1, max_length=40, description="Text by BCP 47 language tag."),
]
# An id as it is written: its kind's prefix and 13 characters of Crockford's alphabet.
Id = Annotated[str, Meta(min_length=13, max_length=20, examples=["ord_0J4Q7W2M9X3KD"])]
MerchantRef = Annotated[str, Meta(min_length=1, max_length=64, description="A merchant's code or id.")]


class Input(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The base of everything that comes in: a field nobody knows is refused, never ignored."""


class View(msgspec.Struct, frozen=True, kw_only=True):
    """The base of everything that goes out."""


class Page(View, Generic[T], frozen=True, kw_only=True):
    """One slice of a list; `next` goes on where it ends and is null at the end."""

    items: list[T]
    next: str | None


class List(View, Generic[T], frozen=True, kw_only=True):
    """A list that is short by nature and comes whole."""

    items: list[T]


class OfMerchant(Input, frozen=True, kw_only=True):
    """Whose; a platform key must say."""

    merchant: MerchantRef | None = None


class PageQuery(Input, frozen=True, kw_only=True):
    """Which slice of a list is wanted."""

    limit: Limit = page.DEFAULT_LIMIT
    after: Cursor | None = None


class MoneyInput(Input, frozen=True, kw_only=True):
    """An amount in minor units of a currency: `{"amount": 38870, "currency": "CNY"}` is 388.70 yuan."""

    amount: Amount
    currency: Currency


class AddressInput(Input, frozen=True, kw_only=True):
    """A postal address with its recipient. Parts that are missing are named all at once when it is used."""

    name: Short = ""
    phone: Short = ""
    country: Short = ""
    province: Short = ""
    city: Short = ""
    district: Short = ""
    detail: Annotated[str, Meta(max_length=500)] = ""
    postcode: Short = ""

    def as_address(self) -> Address:
        """The same address as the areas know it."""
        return Address(**msgspec.structs.asdict(self))


class DeadlineView(View, frozen=True, kw_only=True):
    """A promise with a clock: what happens by itself when it passes.

    `waiting_for` says whose turn it is. While the clock stands still `deadline_at` is null, `paused_at` says since when,
    `waiting_for` what for, and `left_seconds` how much is left. `is_over`: the time has passed and nobody has decided.
    """

    kind: str
    deadline_at: datetime | None
    on_timeout: str
    left_seconds: int | None
    waiting_for: str
    paused_at: datetime | None
    is_over: bool


def ref(kind: str, number: int) -> str:
    """An id as others see it."""
    return ids.encode(kind, number)


def ref_or_none(kind: str, number: int | None) -> str | None:
    """The same where there may be none."""
    return None if number is None else ids.encode(kind, number)


def number(kind: str, text: str, path: str) -> int:
    """An id in a body or query back to its number. Raises Malformed at its path."""
    found = ids.decode(kind, text)
    if found is None:
        raise Malformed(path, what=f"not the id of a {kind}", what_zh=f"不是 {kind} 的编号")
    return found


def money(amount: int, currency: str) -> Money:
    """An amount in minor units."""
    return Money(amount, currency)


class Slice(msgspec.Struct, frozen=True):
    """The slice that a list query asks for; one row more is read, to see whether the list goes on."""

    asked: page.Page

    @property
    def with_one_more(self) -> page.Page:
        """What is read."""
        return page.Page(self.asked.limit + 1, self.asked.after)


class HasId(Protocol):
    """A row that a list can go on behind."""

    @property
    def id(self) -> int:
        """What the list is ordered by."""


R = TypeVar("R", bound=HasId)


def slice_of(query: PageQuery) -> Slice:
    """The slice that a list query asks for. Raises Malformed for a cursor that is not ours."""
    after = None
    if query.after is not None:
        after = page.decode_cursor(query.after)
        if after is None:
            raise Malformed("query.after", what="not a cursor that a list gave out", what_zh="不是列表给出的游标")
    return Slice(page.Page(query.limit, after))


def page_of(slice_: Slice, rows: Sequence[R], view: Callable[[R], T]) -> Page[T]:
    """Rows, of which there may be one too many, as a slice of a list."""
    limit = slice_.asked.limit
    shown = rows[:limit]
    goes_on = len(rows) > limit
    return Page(items=[view(row) for row in shown], next=page.encode_cursor(shown[-1].id) if goes_on else None)


def deadline_views(found: Iterable[deadlines.Deadline]) -> dict[int, list[DeadlineView]]:
    """Deadlines by what they hang on, soonest first."""
    views: dict[int, list[DeadlineView]] = {}
    for one in found:
        views.setdefault(one.subject_id, []).append(
            DeadlineView(
                kind=one.kind,
                deadline_at=one.at,
                on_timeout=deadlines.REGISTRY[one.kind].on_timeout if one.kind in deadlines.REGISTRY else "",
                left_seconds=None if one.left is None else int(one.left.total_seconds()),
                waiting_for=one.waiting_for,
                paused_at=one.paused_at,
                is_over=one.is_over,
            )
        )
    return views


def soonest(views: Sequence[DeadlineView]) -> datetime | None:
    """When the next thing happens by itself."""
    return min((view.deadline_at for view in views if view.deadline_at is not None), default=None)


def allowed(actor: Actor, possible: Iterable[str], permissions: Mapping[str, str]) -> list[str]:
    """Of what is possible as things stand, what this actor may do. `permissions` names each action's."""
    return [action for action in possible if action in permissions and actor.may(permissions[action])]


def json_response(body: bytes, *, status: int = 200, headers: dict[str, str] | None = None) -> Response[bytes]:
    """JSON that is encoded already."""
    return Response(body, status_code=status, media_type="application/json", headers=headers or {})
