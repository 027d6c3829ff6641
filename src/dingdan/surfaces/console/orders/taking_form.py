"""What somebody types who takes an order down for a buyer: read as it stands, made a basket, and mended by a patch."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from dingdan.areas import addresses, identity, placement
from dingdan.kernel import cards
from dingdan.kernel.address import Address
from dingdan.kernel.refusal import Operation, Refusal
from dingdan.plumbing import secrets
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import typed
from dingdan.surfaces.shared.problems import Malformed

# A form has a few hundred fields at most; whoever wants more lines sends a file or uses the API.
MOST_LINES = 100
PARTS = ("name", "phone", "country", "province", "city", "district", "detail", "postcode")
PEOPLE = (
    "buyer.name",
    "buyer.phone",
    "buyer.email",
    "buyer.language",
    "buyer.ref",
    "buyer.papers.name",
    "buyer.papers.number",
)
# Every word of the form, and how long it may be; they are called as the API calls them, so that problems find them.
LONGEST: Mapping[str, int] = {
    **dict.fromkeys(("merchant", "channel", "service"), 64), **dict.fromkeys(PEOPLE, 200),
    **{f"ship_to.{part}": 200 for part in PARTS}, "ship_to.detail": 500, "coupons": 400, "points": 10, "remark": 2000,
    "reference": 200, "currency": 3, "q": 200, "pasted": 1000, "shown": 4000, "once": 64,
}  # fmt: skip
_POINTS = re.compile(r"\d{1,9}", re.ASCII)
_UNITS = re.compile(r"-?\d{1,10}", re.ASCII)
# So many units that they are refused, whatever was typed.
NEVER = 10_000_000_000
_TAKEN = re.compile(r"(\S.*?)\s*[x×*\s]\s*(\d{1,7})", re.IGNORECASE)
_LINE = re.compile(r"/lines/(\d{1,4})(?:/(sku|quantity|confirmed))?")
_COUPON = re.compile(r"/coupons/(\d{1,2})")


class Line(NamedTuple):
    """A wish as it is typed; `told` is the version of the words that the buyer agreed to."""

    sku: str
    units: str = "1"
    told: str = ""

    @property
    def quantity(self) -> int:
        """How many units; what is no number is more than anybody gets."""
        plain = unicodedata.normalize("NFKC", self.units).replace(",", "").strip()
        return int(plain) if _UNITS.fullmatch(plain) else NEVER


class Taking(msgspec.Struct, frozen=True):
    """A form so far: its words by name, and its lines."""

    words: Mapping[str, str] = {}
    lines: tuple[Line, ...] = ()

    def word(self, name: str) -> str:
        """What stands in a field."""
        return self.words.get(name, "")

    def with_words(self, **words: str) -> "Taking":
        """The same with other words; `__` in a name stands for a dot."""
        return self.having({name.replace("__", "."): text for name, text in words.items()})

    def having(self, words: Mapping[str, str]) -> "Taking":
        """The same with other words."""
        return msgspec.structs.replace(self, words={**self.words, **words})

    def with_line(self, sku: str, units: int = 1) -> "Taking":
        """The same with so many units more of a thing."""
        for n, line in enumerate(self.lines):
            if line.sku == sku and line.quantity < NEVER:
                more = line._replace(units=str(line.quantity + units))
                return msgspec.structs.replace(self, lines=(*self.lines[:n], more, *self.lines[n + 1 :]))
        return msgspec.structs.replace(self, lines=(*self.lines, Line(sku, str(units))))

    def without_line(self, place: int) -> "Taking":
        """The same without a line."""
        return msgspec.structs.replace(self, lines=(*self.lines[:place], *self.lines[place + 1 :]))


class Shown(NamedTuple):
    """What stood on the page that was looked at before placing: of which basket, its total, and the price of each line."""

    mark: str
    total: int
    prices: tuple[int, ...]

    def written(self) -> str:
        """As a hidden field has it. It is only ever compared."""
        return " ".join([self.mark, str(self.total), *map(str, self.prices)])


def shown_of(text: str) -> Shown | None:
    """A hidden field as what was shown; nothing where it makes no sense."""
    mark, *numbers = text.split() or [""]
    if not numbers or not all(re.fullmatch(r"\d{1,16}", each, re.ASCII) for each in numbers):
        return None
    return Shown(mark, int(numbers[0]), tuple(map(int, numbers[1:])))


def read(words: Mapping[str, list[str]]) -> tuple[Taking, list[Refusal]]:
    """A form as it was sent, and everything about it that no field of ours would hold."""
    problems: list[Refusal] = []
    found = {name: "".join(words.get(name, [])[-1:]) for name in LONGEST}
    for name, text in found.items():
        if len(text) > LONGEST[name]:
            problems.append(
                Malformed(name, what=f"longer than {LONGEST[name]} characters", what_zh=f"超过 {LONGEST[name]} 个字符")
            )
            found[name] = text[: LONGEST[name]]
    # What a buyer says may hold the number of a card; nobody needs it here.
    found["remark"] = cards.masked(found["remark"])
    told = dict(one.split("\t", 1) for one in words.get("told", []) if "\t" in one)
    skus, units = words.get("sku", []), words.get("units", [])
    lines = [
        Line(sku[:64], (units[n] if n < len(units) else "1")[:20], told.get(sku, "")[:200])
        for n, sku in enumerate(skus)
        if sku
    ]
    if len(lines) > MOST_LINES:
        problems.append(
            Malformed(
                "lines",
                what=f"more than {MOST_LINES} lines; send a file or use the API",
                what_zh=f"超过 {MOST_LINES} 行，请改用文件导入或 API",
            )
        )
        lines = lines[:MOST_LINES]
    if _points(found["points"]) is None:
        problems.append(Malformed("points", what="not a number", what_zh="不是数字"))
    if found["currency"] and not re.fullmatch("[A-Z]{3}", found["currency"]):
        found["currency"] = ""
    return Taking(found, tuple(lines)), problems


def address_of(taking: Taking) -> Address:
    """Where it goes: to the buyer, where nobody else is named."""
    parts = {part: taking.word(f"ship_to.{part}") for part in PARTS}
    parts["name"] = parts["name"] or taking.word("buyer.name")
    parts["phone"] = parts["phone"] or taking.word("buyer.phone")
    return Address(**{**parts, "country": (parts["country"] or "CN").upper()})


def basket_of(tx: Tx, taking: Taking, merchant_id: int, *, shown: Shown | None = None) -> placement.Basket:
    """A form as a basket. No amount of it counts: what was `shown` is only compared."""
    word = taking.word
    number = word("buyer.papers.number")
    return placement.Basket(
        merchant_id=merchant_id, channel=word("channel"), ship_to=address_of(taking),
        buyer=placement.Buyer(_ref(tx, taking, merchant_id), word("buyer.name"), word("buyer.phone"), word("buyer.email"), word("buyer.language")),
        items=tuple(
            placement.Item(line.sku, line.quantity, line.told or None, unit_price=shown.prices[n] if shown and n < len(shown.prices) else None)
            for n, line in enumerate(taking.lines)
        ),
        currency=word("currency") or None, expected_total=shown.total if shown else None, remark=word("remark") or None,
        reference=word("reference") or None, coupons=typed.words_of(word("coupons")),
        points=_points(word("points")) or 0, service=word("service") or None,
        identity=addresses.Identity(word("buyer.papers.name"), number) if number or word("buyer.papers.name") else None, on_behalf=True,
    )  # fmt: skip


def _points(text: str) -> int | None:
    """Points as they are typed (`1,000`); nothing where it is no number."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip() or "0"
    return int(plain) if _POINTS.fullmatch(plain) else None


def _ref(tx: Tx, taking: Taking, merchant_id: int) -> str:
    """Who buys: by the shop's own number of them, else by a mark of their phone, which is the same for every call.

    It is nobody's account: who only knows a number does not come into what its owner ordered in the shop.
    """
    digits = "".join(str(unicodedata.digit(one)) for one in taking.word("buyer.phone") if one.isdigit())
    if taking.word("buyer.ref") or not digits:
        return taking.word("buyer.ref")
    return f"phone-{identity.phone_hash(tx, f'{merchant_id}.{digits[-11:]}').hex()}"


def mark_of(basket: placement.Basket) -> str:
    """What tells whether a basket is still the one that was looked at: everything but confirmations and what was shown."""
    bare = [(item.sku, item.quantity) for item in basket.items]
    plain = msgspec.structs.replace(basket, items=(), expected_total=None)
    return secrets.digest(msgspec.json.encode((plain, bare))).hex()[:24]


def taken(words: str) -> tuple[str, int] | None:
    """`MUG 2` or `celadon mug x 2` as a SKU or words, and units."""
    found = _TAKEN.fullmatch(unicodedata.normalize("NFKC", words).strip())
    return (found[1], int(found[2])) if found else None


def with_pasted(taking: Taking) -> Taking:
    """The same with the address that was pasted as a line; what the line does not say stays."""
    at = addresses.read_line(taking.word("pasted")).address
    parts = {f"ship_to.{part}": text for part in PARTS[2:] if (text := getattr(at, part))}
    for part in ("name", "phone"):
        if text := getattr(at, part):
            # Who is named on the line is the buyer, unless somebody stands there already.
            own = f"buyer.{part}"
            parts[own if taking.word(own) in ("", text) else f"ship_to.{part}"] = text
    return taking.having({**parts, "pasted": ""})


def can_mend(patch: Sequence[Operation] | None) -> bool:
    """Whether a way out can be taken within this form; that a new price is seen and accepted is done by placing anew."""
    return bool(patch) and all(_is_known(step) for step in patch or ()) and any(_counts(step) for step in patch or ())


def _counts(step: Operation) -> bool:
    return not step.path.startswith("/expected_total") and not step.path.endswith("/unit_price")


def _is_known(step: Operation) -> bool:
    name = step.path.strip("/").replace("/", ".")
    return (
        not _counts(step) or _LINE.fullmatch(step.path) is not None or _COUPON.fullmatch(step.path) is not None
        or name == "buyer" or name in LONGEST
    )  # fmt: skip


def as_word(patch: Sequence[Operation]) -> str:
    """A patch as a button carries it."""
    return json.dumps(
        [[step.op, step.path, None if step.op == "remove" else step.value] for step in patch if _counts(step)]
    )


def mended(taking: Taking, text: str) -> Taking:
    """The form with a patch of it. Raises Malformed for one that no page of ours offered."""
    try:
        steps = msgspec.json.decode(text, type=list[tuple[str, str, Any]])
    except msgspec.MsgspecError:
        raise Malformed("step", what="not a way out that was offered", what_zh="不是页面提供的处理方式") from None
    for op, path, value in steps[:MOST_LINES]:
        taking = _mended(taking, path, None if op == "remove" else value)
    return taking


def _mended(taking: Taking, path: str, value: Any) -> Taking:
    line, coupon, name = _LINE.fullmatch(path), _COUPON.fullmatch(path), path.strip("/").replace("/", ".")
    if line is not None:
        return _line_mended(taking, int(line[1]), line[2], value)
    if coupon is not None:
        codes = list(typed.words_of(taking.word("coupons")))
        codes[int(coupon[1]) : int(coupon[1]) + 1] = [str(value)] if value else []
        return taking.having({"coupons": " ".join(codes)})
    if name == "buyer" and isinstance(value, dict):
        return taking.having({"buyer.ref": str(value.get("ref", ""))})
    if name in LONGEST:
        return taking.having({name: "" if value is None else str(value)[: LONGEST[name]]})
    return taking


def _line_mended(taking: Taking, place: int, field: str | None, value: Any) -> Taking:
    if place >= len(taking.lines):
        return taking
    if field is None:
        return taking.without_line(place)
    line, text = taking.lines[place], "" if value is None else str(value)[:200]
    new = line._replace(**{{"quantity": "units", "confirmed": "told"}.get(field, field): text})
    return msgspec.structs.replace(taking, lines=(*taking.lines[:place], new, *taking.lines[place + 1 :]))
