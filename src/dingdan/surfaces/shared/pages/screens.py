"""What a screen is made of, as data: cells, lists, sheets, sections, and the acts that a person can do there."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal, TypeAlias

import msgspec

from dingdan.areas import desks
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text

# Enter and what Ctrl goes with are no single characters, and digits are steps of something.
KEYS = {one.key for one in desks.SHORTCUTS} | (desks.FIXED - {"G"}) | {"", "Enter", "Ctrl Z"}
# What a page may use of a device. Only stations see through a camera, and only their own pages, none that is put into them.
NO_CAMERA = "camera=(), microphone=(), geolocation=()"
CAMERA = {"Permissions-Policy": "camera=(self), microphone=(), geolocation=()"}
Turn = Literal["us", "customer", "carrier", "system", "done", "blocked", "closed"]
Tone = Literal["plain", "good", "warn", "bad"]


class Chip(msgspec.Struct, frozen=True):
    """A state in words, in the colour and shape of whose turn it is."""

    text: Text
    turn: Turn


class Link(msgspec.Struct, frozen=True):
    """Words that lead somewhere; `is_code` for numbers, which are set in the letters that tell 0 from O."""

    href: str
    text: str | Text
    is_code: bool = False


class Code(msgspec.Struct, frozen=True):
    """A number or another word that is read aloud or copied."""

    text: str


class Pictured(msgspec.Struct, frozen=True):
    """A cell with the picture of goods before it, or a quiet place where there is none; both of one size."""

    href: str | None
    beside: "Cell"


class Two(msgspec.Struct, frozen=True):
    """A cell of two lines."""

    top: "Cell"
    below: "Cell"


class Fuse(msgspec.Struct, frozen=True):
    """A clock: when it ends and of how much time in all; paused, it says what for."""

    due_at: datetime | None
    now: datetime
    span: timedelta | None = None
    is_paused: bool = False
    waits_for: Text | None = None

    @property
    def left(self) -> timedelta:
        """What is left; less than nothing once it is over."""
        return timedelta() if self.due_at is None else self.due_at - self.now

    @property
    def share(self) -> int:
        """How many hundredths of the whole are left."""
        whole = self.span or timedelta(hours=24)
        return max(0, min(100, int(100 * (self.left / whole))))

    @property
    def look(self) -> str:
        """How urgent it is: only what is nearly late or late has a colour."""
        if self.is_paused or self.due_at is None:
            return "paused"
        if self.left < timedelta():
            return "over"
        return "risk" if self.share <= 25 or self.left <= timedelta(hours=2) else "calm"


class Reason(msgspec.Struct, frozen=True):
    """One reason for or against, with where it stands."""

    tone: Tone
    text: Text
    source: str = ""


# All that a cell may be: `parts.value` draws each, and `plain.words` says each in files.
Cell: TypeAlias = "str | int | Text | Money | date | timedelta | Chip | Link | Code | Pictured | Two | Fuse | Reason | Act | Sequence[Cell] | None"


class Column(msgspec.Struct, frozen=True):
    """A column of a table; numbers stand to the right."""

    key: str
    label: Text
    is_number: bool = False


class Row(msgspec.Struct, frozen=True):
    """A row of a list: its key (the id as it is written), where it leads, and its cells by column."""

    key: str
    href: str | None
    cells: Mapping[str, Cell]
    # What a bulk bar adds up.
    amount: Money | None = None


class View(msgspec.Struct, frozen=True):
    """A tab over a list: the same list with other filters."""

    text: Text
    query: Mapping[str, str] = {}


class Filter(msgspec.Struct, frozen=True):
    """One thing that a list is narrowed by; with options it is a choice, without a word to type.

    `always` is what holds until something else is chosen, where a list cannot show everything at once.
    """

    name: str
    text: Text
    options: Sequence[tuple[str, Text]] = ()
    kind: Literal["text", "date", "choice"] = "text"
    always: str | None = None


class Empty(msgspec.Struct, frozen=True):
    """What an empty list says: that nothing is there yet and what makes it be, or that all is done."""

    text: Text
    hint: Text | None = None
    link: Link | None = None


class Field(msgspec.Struct, frozen=True):
    """One thing to fill in. `kind` says how; amounts are typed as decimals of `currency`.

    A `preview` is nothing to fill in: it shows what the address in `value` answers to what stands in the form by now.
    """

    name: str
    text: Text
    kind: Literal[
        "text",
        "prose",
        "number",
        "money",
        "choice",
        "choices",
        "check",
        "date",
        "moment",
        "password",
        "files",
        "hidden",
        "code",
        "preview",
    ] = "text"
    hint: Text | None = None
    options: Sequence[tuple[str, Text | str]] = ()
    value: Any = None
    is_needed: bool = True
    currency: str = "CNY"
    longest: int = 2000
    # Tells fields of one name apart, of which each stands for something else.
    mark: str = ""
    # Ready words to begin with: what they are called, and what they say to whoever reads it.
    canned: Sequence[tuple[Text, str]] = ()
    # What kinds of files it takes.
    accept: str = "image/*,video/mp4,video/quicktime"
    # Which door reads a camera's pictures for it, where its words may stand on something as bars.
    camera: str = ""


class Act(msgspec.Struct, frozen=True):
    """Something a person can do here. With fields it opens a form, without it is done at once.

    `key` is its shortcut, one of those that people may change; G is not one, it begins the way to a desk. `why_not` is said where it cannot be done now; what somebody may never do is not shown.
    `warns` states the consequences of what cannot be undone, and has to be confirmed.
    """

    name: str
    text: Text
    href: str
    key: str = ""
    fields: Sequence[Field] = ()
    tone: Literal["first", "plain", "danger"] = "plain"
    why_not: Text | None = None
    warns: Text | None = None
    # Where one goes by doing it, for what is only another page.
    is_link: bool = False
    # Done seldom: it stands behind what is done every day.
    is_more: bool = False

    def __post_init__(self) -> None:
        """Keep the key that leads to desks free, and have no key that nobody could change."""
        assert self.key in KEYS, f"{self.name}: {self.key} is no shortcut; G begins the way to a desk"


class Facts(msgspec.Struct, frozen=True, tag="facts"):
    """Words and their values."""

    title: Text
    items: Sequence[tuple[Text, Any]]
    note: Any = None


class Table(msgspec.Struct, frozen=True, tag="table"):
    """A small table within a page."""

    title: Text
    columns: Sequence[Column]
    rows: Sequence[Row]
    empty: Text | None = None


class Sums(msgspec.Struct, frozen=True, tag="sums"):
    """Amounts that add up, to the cent; the last of a group that is a total is set apart."""

    title: Text
    items: Sequence[tuple[Text | str, Money, bool]]
    note: Text | None = None


class Reasons(msgspec.Struct, frozen=True, tag="reasons"):
    """What speaks for and against, under one sentence."""

    title: Text
    items: Sequence[Reason]


class Entry(msgspec.Struct, frozen=True):
    """One line of a ledger: when, whose act, what, and what it did to the balance."""

    at: datetime
    turn: Turn
    text: Text
    who: str | Text = ""
    groups: Sequence[str] = ()
    amount: Money | None = None
    balance: Money | None = None
    details: Sequence[tuple[str, str]] = ()
    # What somebody wrote.
    words: str = ""


class Ledger(msgspec.Struct, frozen=True, tag="ledger"):
    """What happened, day by day, with the money at the right."""

    title: Text
    entries: Sequence[Entry]


class Picture(msgspec.Struct, frozen=True):
    """A picture or film: where it lies and what it shows."""

    href: str
    text: Text | str
    kind: Literal["image", "video", "file"] = "image"
    note: Any = ""


class Pictures(msgspec.Struct, frozen=True, tag="pictures"):
    """Pictures side by side."""

    title: Text
    items: Sequence[Picture]
    empty: Text | None = None


class Say(msgspec.Struct, frozen=True):
    """Something somebody wrote."""

    who: Text | str
    at: datetime
    text: str
    turn: Turn = "customer"


class Talk(msgspec.Struct, frozen=True, tag="talk"):
    """A thread of messages."""

    title: Text
    items: Sequence[Say]
    empty: Text | None = None


class Steps(msgspec.Struct, frozen=True, tag="steps"):
    """Where something stands on its way: each step's words, whose turn it is, and whether it is over."""

    title: Text
    items: Sequence[tuple[Text, Turn, Literal["done", "now", "later"]]]


class Bars(msgspec.Struct, frozen=True, tag="bars"):
    """A chart whose title states the question, drawn from numbers that can be read as a table as well."""

    title: Text
    unit: Text
    items: Sequence[tuple[Text | str | Link, int]]
    note: Text | None = None


class Part(msgspec.Struct, frozen=True, tag="part"):
    """A section that has a template of its own."""

    title: Text
    template: str
    data: Mapping[str, Any]


Section = Facts | Table | Sums | Reasons | Ledger | Pictures | Talk | Steps | Bars | Part


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """A list: columns and rows, what it can be narrowed by, and what is said when it is empty.

    `live` names the kinds of things whose facts change it. `next` goes on behind the last row. In a queue the rows open
    in the pane beside the list.
    """

    title: Text
    columns: Sequence[Column]
    rows: Sequence[Row]
    lead: Text | None = None
    chips: Sequence[Any] = ()
    next: str | None = None
    views: Sequence[View] = ()
    filters: Sequence[Filter] = ()
    empty: Empty
    acts: Sequence[Act] = ()
    bulk: Sequence[Act] = ()
    live: Sequence[str] = ()
    is_queue: bool = False
    needs_camera: bool = False


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One thing with everything around it: the head of a waybill, what can be done, and sections in two columns."""

    title: Text
    kind: Text
    number: str = ""
    key: str = ""
    chips: Sequence[Any] = ()
    lead: Any = None
    stamp: Chip | None = None
    acts: Sequence[Act] = ()
    main: Sequence[Section] = ()
    side: Sequence[Section] = ()
    live: Sequence[str] = ()
    full: str = ""


class Own(msgspec.Struct, frozen=True, kw_only=True):
    """A screen with a template of its own."""

    title: Text
    template: str
    data: Mapping[str, Any] = {}
    live: Sequence[str] = ()
    needs_camera: bool = False
    # Whether it prints what lies behind its links by itself.
    prints: bool = False


Screen = Listing | Sheet | Own


class Undo(msgspec.Struct, frozen=True):
    """How what was just done is taken back while it waits: where, which of many, and for how many seconds."""

    href: str
    seconds: int
    keys: Sequence[str] = ()


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What an act answers: the words of a short note, and where to go, if not back."""

    text: Text
    to: str = ""
    # For what must be shown once: a secret. It is answered and stored nowhere.
    shown: Sequence[tuple[Text, str | Text]] = ()
    # In a queue: the thing stays open, changed, where it was no decision.
    stays: bool = False
    # Where it waits a moment before it goes out.
    undo: Undo | None = None
