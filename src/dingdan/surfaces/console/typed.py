"""What people type into forms besides amounts: moments on the house's clock, percentages, lists of words."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar

import msgspec

from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Refusal, Text, refuse_all
from dingdan.surfaces.shared.bodies import malformed
from dingdan.surfaces.shared.pages import formatting
from dingdan.surfaces.shared.pages.formatting import ZONE
from dingdan.surfaces.shared.problems import Malformed

_PERCENT = re.compile(r"(\d{1,3})(?:\.(\d{1,2}))?", re.ASCII)


def moment_of(text: str | None, path: str) -> datetime | None:
    """A moment as a date or with its time, on the house's clock; nothing where nothing was filled in. Raises Malformed."""
    if not text:
        return None
    try:
        if "T" in text or " " in text:
            made = datetime.fromisoformat(text).replace(tzinfo=ZONE)
        else:
            made = datetime.combine(date.fromisoformat(text), time(), ZONE)
        # The first day of all began before time did elsewhere.
        made.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Malformed(path, what="not a date", what_zh="不是有效的日期") from None
    return made


def share_of(text: str, path: str) -> int:
    """A percentage with at most two places (`12.5`, `５%`), in hundredths of a percent. Raises Malformed."""
    plain = unicodedata.normalize("NFKC", text).strip().rstrip("%").strip()
    found = _PERCENT.fullmatch(plain)
    if found is None or (share := int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))) > 10_000:
        raise Malformed(path, what="not a percentage from 0 to 100", what_zh="不是 0 至 100 的百分比")
    return share


def words_of(text: str | None) -> tuple[str, ...]:
    """Words with commas, blanks or new lines between, each once."""
    plain = unicodedata.normalize("NFKC", text or "")
    return tuple(dict.fromkeys(word for word in re.split(r"[\s,、;]+", plain) if word))


T = TypeVar("T", bound=msgspec.Struct)


def checked(made: T, under: str = "") -> T:
    """The same struct, with the bounds of its fields looked at as if it had been sent. Raises Malformed at the field."""
    try:
        return msgspec.convert(msgspec.to_builtins(made), type(made))
    except msgspec.ValidationError as error:
        refusal = malformed(error)
        raise (refusal.at(under) if under else refusal) from None


def written(at: datetime | None) -> str | None:
    """A moment as a field shows it."""
    return None if at is None else f"{at.astimezone(ZONE):%Y-%m-%dT%H:%M}"


def money_words(amount: int, currency: str) -> Text:
    """An amount within a sentence."""
    value = Money(amount, currency)
    return Text(formatting.money(value, "en"), formatting.money(value, "zh"))


def percent(share: int | None) -> str | None:
    """Hundredths of a percent as a field shows them."""
    return None if share is None else f"{share / 100:g}"


def mark_of(held: Any) -> str:
    """A short word for what somebody reads, which travels with the form: another word says that it was changed since."""
    return hashlib.sha256(msgspec.json.encode(held, order="deterministic")).hexdigest()[:16]


@contextmanager
def at_fields(names: Mapping[str, str], wrong: Sequence[Refusal] = ()) -> Iterator[None]:
    """Around a command: what it says of a part is said at the form's field for it, whatever its place in a list.

    `wrong` is what could not even be read. All of it is told, with what the command says of other fields, and refused also
    where the command finds nothing wrong with what stands there instead.
    """
    told: list[Refusal] = []
    try:
        yield
    except Refusal as refusal:
        told = [
            type(one)(_field(one.path, names), **one.params).with_solutions(*one.solutions) for one in refusal.problems
        ]
    unread = {one.path for one in wrong}
    refuse_all([*wrong, *(one for one in told if one.path not in unread)])


def _field(path: str, names: Mapping[str, str]) -> str:
    plain = re.sub(r"\[\d+\]", "", path)
    return names.get(plain, plain)
