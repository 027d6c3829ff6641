"""What comes in with a request, read once and checked against its type: body, query and path."""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from litestar import Request

from dingdan.kernel.refusal import Refusal
from dingdan.surfaces.shared import texts
from dingdan.surfaces.shared.problems import Malformed, UnsupportedMediaType

T = TypeVar("T")

# Deeper than any body of ours; brackets beyond it are noise or an attack (S-20).
MAX_DEPTH = 32

_WHERE = re.compile(r" - at `(?:key in )?\$\.?(?P<path>[^`]*)`$")
_FIELD = re.compile(r"(?:unknown|required) field `(?P<field>[^`]*)`")
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"')
_NUL = "\x00"


async def json_body(request: Request[Any, Any, Any], decoder: "msgspec.json.Decoder[T]") -> T:
    """The body as its type. Raises Malformed or UnsupportedMediaType; more bytes than allowed are never read."""
    demand_media_type(request, "application/json")
    return decode(await request.body(), decoder)


def demand_media_type(request: Request[Any, Any, Any], *wanted: str) -> str:
    """The type that the body is announced as. Raises UnsupportedMediaType for others and for other charsets."""
    given = request.headers.get("content-type", "")
    name, _, parameters = given.partition(";")
    charset = re.search(r"charset\s*=\s*\"?([\w-]+)", parameters, re.IGNORECASE)
    if name.strip().lower() not in wanted or (charset and charset[1].lower() not in ("utf-8", "utf8")):
        raise UnsupportedMediaType("header.Content-Type", given=given[:100] or "?", wanted=" / ".join(wanted))
    return name.strip().lower()


def decode(raw: bytes, decoder: "msgspec.json.Decoder[T]") -> T:
    """JSON as its type. Raises Malformed with the JSON path that does not fit."""
    if is_too_deep(raw):
        raise Malformed(what=f"JSON is nested deeper than {MAX_DEPTH} levels", what_zh=f"JSON 嵌套超过 {MAX_DEPTH} 层")
    if b"\\u0000" in raw and _has_nul(raw):
        raise Malformed(what="text has a NUL character", what_zh="文本含有 NUL 字符")
    try:
        return decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise malformed(error) from None


def query_as(kind: type[T], given: Mapping[str, list[str]]) -> T:
    """Query parameters as their type; a list takes a name several times. Raises Malformed, also for unknown names."""
    lists = _lists_of(kind)
    for name, values in given.items():
        if len(values) > 1 and name not in lists:
            raise Malformed(f"query.{name}", what="given more than once", what_zh="参数重复")
        if any(_NUL in value for value in values):
            raise Malformed(f"query.{name}", what="text has a NUL character", what_zh="文本含有 NUL 字符")
    flat = {name: values if name in lists else values[0] for name, values in given.items()}
    try:
        return msgspec.convert(texts.as_fields(kind, flat), kind)
    except msgspec.ValidationError as error:
        raise malformed(error).at("query") from None


def _lists_of(kind: Any) -> frozenset[str]:
    """The fields that may be given several times."""
    return frozenset(field.name for field in msgspec.structs.fields(kind) if "tuple[" in str(field.type))


def path_word(name: str, text: str, kind: Any) -> str:
    """A word from the path, of its declared form. Raises Malformed."""
    if _NUL in text:
        raise Malformed(f"path.{name}", what="text has a NUL character", what_zh="文本含有 NUL 字符")
    try:
        return str(msgspec.convert(text, kind))
    except msgspec.ValidationError as error:
        raise malformed(error).at(f"path.{name}") from None


def malformed(error: Exception) -> Refusal:
    """A decoding error as a refusal, at the JSON path that msgspec names."""
    if isinstance(error, RecursionError):
        return Malformed(what="JSON is nested too deep", what_zh="JSON 嵌套过深")
    if isinstance(error, UnicodeDecodeError):
        return Malformed(what="text is not UTF-8", what_zh="文本不是 UTF-8 编码")
    said = str(error)
    where, field = _WHERE.search(said), _FIELD.search(said)
    path = where["path"] if where else ""
    if field:
        path = f"{path}.{field['field']}" if path else field["field"]
    what = _WHERE.sub("", said)
    return Malformed(path, what=what, what_zh=_in_chinese(what))


# What msgspec says, in Chinese; anything else it says stays as it is.
_CHINESE = [
    (re.compile(form), words)
    for form, words in (
        (r"Expected (`.+`) of length (.+)", r"\1 的长度须 \2"),
        (r"Expected (`.+`) matching regex (.+)", r"\1 须匹配 \2"),
        (r"Expected (`.+`) with a timezone component", r"\1 须带时区"),
        (r"Expected (.+), got (.+)", r"应为 \1，实为 \2"),
        (r"Expected (`.+`) ([<>]=? .+)", r"\1 须 \2"),
        (r"Object missing required field (`.+`)", r"缺少必填字段 \1"),
        (r"Object contains unknown field (`.+`)", r"有未知字段 \1"),
        (r"Invalid enum value (.+)", r"取值 \1 不在可选范围内"),
        (r"Invalid RFC3339 encoded datetime", "不是有效的 RFC 3339 时间"),
        (r"Number out of range", "数字超出范围"),
        (r"Input data was truncated", "内容不完整"),
        (r"JSON is malformed: (.+)", r"不是有效的 JSON（\1）"),
    )
]


def _in_chinese(said: str) -> str:
    for form, words in _CHINESE:
        if form.fullmatch(said):
            return form.sub(words, said)
    return said


def is_too_deep(raw: bytes) -> bool:
    """Whether brackets stand inside brackets more than MAX_DEPTH times."""
    if raw.count(b"{") + raw.count(b"[") <= MAX_DEPTH:
        return False
    depth = 0
    for bracket in _STRINGS.sub(b"", raw).translate(None, _NO_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if depth > MAX_DEPTH:
            return True
    return False


_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")


def _has_nul(raw: bytes) -> bool:
    # An even number of backslashes before it makes it plain text about a NUL.
    return re.search(rb"(?<!\\)(?:\\\\)*\\u0000", raw) is not None
