"""What comes in with a form: read once, checked against its type, and said where it is wrong."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any

import msgspec
from litestar.datastructures import UploadFile
from msgspec import Meta

from dingdan.kernel import cards, money
from dingdan.kernel.refusal import Text
from dingdan.plumbing.telemetry import log
from dingdan.surfaces.shared import texts
from dingdan.surfaces.shared.bodies import malformed
from dingdan.surfaces.shared.doors import AnyRequest
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Input

# An amount as somebody types it; `amount_of` reads it.
Typed = Annotated[str, Meta(max_length=40)]
Once = Annotated[str, Meta(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
# The longest form names a line and a number for each line of an order, of which there are 2,000 at most.
MOST_FIELDS, MOST_FILES = 4_100, 12
# How long what somebody says in their own words may be: every field for sentences has this bound.
PROSE = 2000


class Form(Input, frozen=True, kw_only=True):
    """The base of every form; `once` makes sending it twice the same as once."""

    once: Once = ""


class Upload(msgspec.Struct, frozen=True):
    """A file that was sent with a form."""

    name: str
    media_type: str
    content: bytes


class Given(msgspec.Struct, frozen=True):
    """What somebody sent: words by name, and files."""

    words: Mapping[str, list[str]]
    files: list[Upload]


async def read(request: AnyRequest) -> Given:
    """The words and files of a form. Raises Malformed for too many, and for text that no field can hold."""
    words: dict[str, list[str]] = {}
    files: list[Upload] = []
    for name, value in (await request.form()).multi_items():
        if isinstance(value, UploadFile):
            content = await value.read()
            if content or value.filename:
                files.append(Upload(value.filename, value.content_type or "", content))
            continue
        text = str(value)
        if "\\x00" in text or "\x00" in text:
            raise Malformed(name, what="text has a NUL character", what_zh="文本含有 NUL 字符")
        words.setdefault(name, []).append(text.replace("\r\n", "\n").strip())
    if sum(map(len, words.values())) > MOST_FIELDS or len(files) > MOST_FILES:
        raise Malformed(what="more fields or files than a form of ours has", what_zh="字段或文件过多")
    return Given(words, files)


def as_form(kind: type[msgspec.Struct], words: Mapping[str, list[str]]) -> Any:
    """Words as a form. What was left empty was not filled in. Raises Malformed at the field."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    flat: dict[str, Any] = {}
    for name, values in words.items():
        filled = [value for value in values if value]
        if name in fields and _is_list(fields[name].type):
            flat[name] = filled
        elif len(filled) > 1:
            raise Malformed(name, what="given more than once", what_zh="重复填写")
        elif filled:
            flat[name] = _without_cards(kind, name, filled[0]) if name in _prose_of(kind) else filled[0]
    try:
        return msgspec.convert(texts.as_fields(kind, flat), kind)
    except msgspec.ValidationError as error:
        raise malformed(error) from None


def amount_of(text: str, currency: str, path: str) -> int:
    """An amount as somebody typed or pasted it (`1,299.50`, `¥１２３`), in minor units. Raises Malformed."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    plain = plain.strip("¥$€£").removeprefix(currency).strip()
    try:
        amount = money.from_decimal_string(plain, currency)
        if abs(amount) <= money.MAX_AMOUNT:
            return amount
        raise ValueError(plain)
    except (ValueError, KeyError):
        raise Malformed(path, what=f"not an amount in {currency}", what_zh=f"不是有效的 {currency} 金额") from None


@cache
def _prose_of(kind: type[msgspec.Struct]) -> frozenset[str]:
    """The fields that take sentences. Numbers of orders, accounts and parcels have fields of their own, and stay as they are."""
    return frozenset(
        field.encode_name
        for field in msgspec.structs.fields(kind)
        if re.search(rf"max_length={PROSE}\b", str(field.type))
    )


def _without_cards(kind: type[msgspec.Struct], name: str, text: str) -> str:
    """What somebody wrote, without numbers of cards; that there was one is logged, and the number is not."""
    clean = cards.masked(text)
    if clean != text:
        log.warning("card number masked", form=kind.__name__, field=name)
    return clean


def _is_list(kind: Any) -> bool:
    return "tuple[" in str(kind) or "list[" in str(kind)


NEEDED = Text("Fill this in.", "请填写此项。")
