"""The description of the API, made from the doors themselves, so that it cannot promise what they do not keep."""

from collections.abc import Iterable
from typing import Any

import msgspec

from dingdan import __version__
from dingdan.surfaces.shared.doors import Door
from dingdan.surfaces.shared.idempotent import HEADER, REPLAYED
from dingdan.surfaces.shared.problems import MEDIA_TYPE, TITLES, Problem
from dingdan.surfaces.shared.wire import Id

_REF = "#/components/schemas/{name}"

_DESCRIPTION = """
Orders and returns, from the basket to the money back.

**Money** is `{"amount": 38870, "currency": "CNY"}` in minor units. **Moments** are RFC 3339 in UTC.
**Ids** begin with their kind (`ord_0J4Q7W2M9X3KD`) and rise with time. **Lists** answer `items` and `next`;
send `next` as `after` to go on. **Verbs** are sub-resources (`POST /v1/orders/{order_id}/cancel`); every object
lists what may be done with it now in `available_actions`, and `deadline_at` says when something happens by itself.

**Every POST that changes something needs an `Idempotency-Key`**: the same key with the same request gives the same
answer and changes nothing a second time; with another request it is refused.

**Every no** is `application/problem+json` (RFC 9457) with a stable `code`, the JSON `path` it is about and a
`remedy`; `problems` lists everything that is wrong at once, in English and Chinese.
""".strip()


def describe(doors: Iterable[Door]) -> dict[str, Any]:
    """The OpenAPI 3.1 document of these doors."""
    listed = sorted(doors, key=lambda one: (one.path, one.method))
    schemas = _Schemas(listed)
    paths: dict[str, dict[str, Any]] = {}
    for one in listed:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Dingdan （订单）", "version": __version__, "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "tags": [{"name": name} for name in dict.fromkeys(one.tag for one in listed)],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "An API key."}},
            "schemas": schemas.components,
            "responses": {str(status): _problem(status) for status in TITLES},
        },
    }  # fmt: skip


class _Schemas:
    """The JSON schemas of everything that goes in and out, each type once."""

    def __init__(self, doors: list[Door]) -> None:
        kinds = [kind for one in doors for kind in (one.body, one.query, one.answers) if kind is not None]
        kinds += [kind for one in doors for kind in one.things.values() if kind is not int]
        self._kinds = [*kinds, Problem]
        found, self.components = msgspec.json.schema_components(self._kinds, ref_template=_REF)
        self._schemas = dict(zip(map(repr, self._kinds), found, strict=True))
        # A query is no object on the wire: its fields become parameters.
        queries = {one.query.__name__ for one in doors if one.query is not None}
        self.parameters = {name: self.components.pop(name) for name in queries}

    def of(self, kind: Any) -> dict[str, Any]:
        """The schema of a type, by reference where it has a name."""
        schema: dict[str, Any] = self._schemas[repr(kind)]
        return schema


def _operation(one: Door, schemas: _Schemas) -> dict[str, Any]:
    summary, _, more = one.words.partition("\n")
    described: dict[str, Any] = {
        "operationId": one.name.replace(".", "_"),
        "tags": [one.tag],
        "summary": summary,
        "description": more.strip() or summary,
        "parameters": [
            *_path_parameters(one, schemas),
            *_query_parameters(one, schemas),
            *_header_parameters(one),
        ],
        "responses": _responses(one, schemas),
    }
    if one.permission:
        described["description"] += f"\n\nTakes the permission `{one.permission}`."
        described["x-permission"] = one.permission
    else:
        described["security"] = []
        described["description"] += f"\n\nTakes no key: {one.why_open}."
    content = schemas.of(one.body) if one.body is not None else {"type": "string"}
    if one.body is not None or one.takes != "application/json":
        described["requestBody"] = {
            "required": not one.is_body_optional,
            "content": {kind: {"schema": content} for kind in one.takes.split(", ")},
        }
    return described


def _path_parameters(one: Door, schemas: _Schemas) -> Iterable[dict[str, Any]]:
    for name, kind in one.things.items():
        schema = msgspec.json.schema(Id) if name.endswith("_id") else schemas.of(kind)
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameters(one: Door, schemas: _Schemas) -> Iterable[dict[str, Any]]:
    if one.query is None:
        return
    schema = schemas.parameters[one.query.__name__]
    for name, kind in schema["properties"].items():
        yield {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "schema": _one_of(kind),
        }


def _one_of(kind: dict[str, Any]) -> dict[str, Any]:
    """A query parameter is given or it is not; null is not a thing that one can write in an address."""
    options = [option for option in kind.get("anyOf", ()) if option != {"type": "null"}]
    return options[0] if len(options) == 1 else {k: v for k, v in kind.items() if k != "default" or v is not None}


def _header_parameters(one: Door) -> Iterable[dict[str, Any]]:
    if one.is_keyed:
        yield {
            "name": HEADER, "in": "header", "required": True,
            "description": "A fresh random word for each new request, and the same one when it is repeated.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        }  # fmt: skip


def _responses(one: Door, schemas: _Schemas) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "It worked."}
    good["content"] = {
        kind: {"schema": schemas.of(one.answers) if one.answers is not None and n == 0 else {"type": "string"}}
        for n, kind in enumerate(one.gives.split(", "))
    }
    if one.is_keyed:
        good["headers"] = {REPLAYED: {"description": "`true` on a repeated answer.", "schema": {"type": "string"}}}
    statuses = {413, 422, 500, 503}
    statuses |= {401, 403} if one.permission else {401} if one.method == "POST" else set()
    statuses |= {404} if one.things or one.body is not None or one.query is not None else set()
    statuses |= {409, 502} if one.method != "GET" else set()
    # Where coupons are named, guessing at them is stopped.
    statuses |= {429} if one.permission == "order.place" else set()
    is_file = one.takes not in ("application/json", "application/octet-stream")
    statuses |= {415} if one.body is not None or is_file else set()
    problems = {str(status): {"$ref": f"#/components/responses/{status}"} for status in sorted(statuses)}
    return {str(one.status): good, **problems}


def _problem(status: int) -> dict[str, Any]:
    return {
        "description": TITLES[status].en,
        "content": {MEDIA_TYPE: {"schema": {"$ref": _REF.format(name="Problem")}}},
    }
