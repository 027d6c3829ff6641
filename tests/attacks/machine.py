"""Doors, paths and forms filled by machine, so that a page that somebody adds tomorrow is attacked tomorrow."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import asyncpg
import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from msgspec import inspect

from dingdan.kernel import ids
from dingdan.plumbing.database import Database
from dingdan.surfaces.shared.doors import Door

# What a text may have to look like; the first one that the field takes is sent.
TEXTS = (
    "other", "1", "word", "CNY", "CN", "2026-12-01", "2026-12-01T10:00", "week", "paid", "A", "/orders", "09:00", "damage",
    "ten letters at least", ids.encode("order", 1),
)  # fmt: skip
# Rows that come and go with every request, and say nothing about business.
FLEETING = frozenset({"sessions", "idempotency_keys", "sign_in_tries", "staff_secrets", "alembic_version"})


def handlers(app: Litestar) -> list[HTTPRouteHandler]:
    """What was declared, in the order of the routes."""
    found = [handler for route in app.routes if isinstance(route, HTTPRoute) for handler in route.route_handlers]
    return [one for one in found if "door" in one.opt]


def doors(app: Litestar, *methods: str) -> list[Door]:
    """The same as doors; only these methods where some are named."""
    found: list[Door] = [handler.opt["door"] for handler in handlers(app)]
    return [one for one in found if not methods or one.method in methods]


def name(door: Door) -> str:
    """How a door is called in what a test says."""
    return f"{door.method} {door.path}"


def is_stream(door: Door) -> bool:
    """Whether a door goes on telling news and never ends."""
    return door.path.endswith("/live")


def filled(door: Door, words: Mapping[str, str]) -> str:
    """The path of a door, with these words between its braces; what is not among them is nobody's."""
    return re.sub(r"{(\w+)}", lambda found: words.get(found[1]) or _nobodys(found[1]), door.path)


def _nobodys(thing: str) -> str:
    return ids.encode(thing.removesuffix("_id"), 77) if thing.endswith("_id") else "NOWHERE"


def sound(kind: Any, words: Mapping[str, str], *, about: str = "") -> dict[str, str | list[str]]:
    """A form that its type takes: all that it needs, and every field that `words` knows; `about` is what `keys` are."""
    if kind is None:
        return {}
    form: dict[str, str | list[str]] = {}
    for field in msgspec.structs.fields(kind):
        word = words.get(f"{about}_id" if field.name == "keys" and about else field.name)
        if word is None and not field.required:
            continue
        value = _value(field.type, word)
        if value is not None:
            form[field.encode_name] = value
    return form


def _value(kind: Any, word: str | None) -> str | list[str] | None:
    described = _bare(inspect.type_info(kind))
    if isinstance(described, inspect.VarTupleType | inspect.ListType):
        one = _text(_bare(described.item_type), word)
        return None if one is None else [one]
    return _text(described, word)


def _bare(described: Any) -> Any:
    if isinstance(described, inspect.UnionType):
        return _bare(next(one for one in described.types if not isinstance(one, inspect.NoneType)))
    return _bare(described.type) if isinstance(described, inspect.Metadata) else described


def _text(described: Any, word: str | None) -> str | None:
    if isinstance(described, inspect.IntType):
        return str(max(described.ge or 0, 1))
    if isinstance(described, inspect.BoolType):
        return "true"
    if isinstance(described, inspect.EnumType):
        return str(next(iter(described.cls)).value)
    if isinstance(described, inspect.LiteralType):
        return str(described.values[0])
    if isinstance(described, inspect.DateType):
        return "2026-12-01"
    if not isinstance(described, inspect.StrType):
        return None
    return next(
        (text for text in ((word,) if word else ()) + TEXTS if text is not None and _fits(described, text)), None
    )


def _fits(kind: inspect.StrType, text: str) -> bool:
    if kind.pattern and not re.search(kind.pattern, text):
        return False
    return (kind.min_length or 0) <= len(text) <= (kind.max_length or 10**6)


async def marks(url: str, *, merchant_id: int | None = None) -> dict[str, str]:
    """A mark of what each table holds; of one merchant's rows where one is named. Two that differ: something changed."""
    connection = await asyncpg.connect(url)
    try:
        tables = await connection.fetch(
            """
            SELECT t.table_name AS name, bool_or(c.column_name = 'merchant_id') AS has_owner FROM information_schema.tables t
            JOIN information_schema.columns c USING (table_schema, table_name)
            WHERE t.table_schema = 'public' AND t.table_type = 'BASE TABLE' GROUP BY 1
            """
        )
        parts = [
            f"SELECT '{row['name']}', md5(string_agg(t::text, '' ORDER BY t::text)) FROM \"{row['name']}\" t"
            + (f" WHERE merchant_id = {merchant_id}" if merchant_id is not None else "")
            for row in tables
            if row["name"] not in FLEETING and (merchant_id is None or row["has_owner"])
        ]
        return {row[0]: row[1] or "" for row in await connection.fetch(" UNION ALL ".join(parts))}
    finally:
        await connection.close()


async def facts(db: Database) -> int:
    """How many facts there are: whatever is done leaves one."""
    async with db.connection() as connection:
        return int(await connection.fetchval("SELECT count(*) FROM facts"))


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The tables whose rows are not what they were."""
    return sorted(table for table in before if before[table] != after[table])


def anonymous(text: str, words: Iterable[str]) -> str:
    """A page without what was sent and without what is new on every page."""
    text = re.sub(r'name="once" value="[^"]+"|[0-9a-f]{24}', "", text)
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "") if len(word) > 4 else text
    return text


def dumped(words: Mapping[str, str]) -> str:
    """Words as they are kept beside the database that they are about."""
    return json.dumps(dict(words))
