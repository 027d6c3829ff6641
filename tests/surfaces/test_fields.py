"""Only fields that are meant to be written can be written, and every field has a bound."""

from typing import Any

import msgspec
import pytest
from litestar import Litestar

from dingdan.surfaces.api.app import doors
from tests.surfaces.callers import Caller, refused
from tests.surfaces.everything import BODIES
from tests.surfaces.test_access import filled, name

FORBIDDEN = ("id", "merchant_id", "status", "state", "total", "role", "approved_by", "created_at", "paid_at", "version")


@pytest.mark.requirement("S-03")
async def test_a_field_that_nobody_asked_for_is_refused(app: Litestar, merchant: Caller) -> None:
    for door in doors(app):
        if door.body is None or door.takes != "application/json":
            continue
        known = {field.encode_name for field in msgspec.structs.fields(door.body)}
        sound: Any = BODIES.get(name(door), {})
        for field in sorted(set(FORBIDDEN) - known):
            answer = await merchant.request(
                door.method, filled(door, {"version": "1"}), json={field: 1} | sound, headers={"Idempotency-Key": "k"}
            )
            assert refused(answer, 422, "request.malformed")["path"] == field, name(door)


@pytest.mark.requirement("S-20")
async def test_everything_that_comes_in_has_a_bound(app: Litestar) -> None:
    """Texts and lists of requests; numbers are bounded by their type or by the rule that looks at them."""
    for door in doors(app):
        for kind in (door.body, door.query):
            if kind is not None and "policies" not in door.path:  # A whole document: bounded by the body's size.
                _, components = msgspec.json.schema_components([kind])
                unbounded = [
                    f"{name(door)} {struct}.{field}"
                    for struct, schema in components.items()
                    if struct != "MerchantSettings"
                    for field, described in schema.get("properties", {}).items()
                    for option in described.get("anyOf", [described])
                    if (option.get("type") == "string" and not _is_bounded_text(option))
                    or (option.get("type") == "array" and "maxItems" not in option)
                ]
                assert unbounded == []


def _is_bounded_text(schema: dict[str, Any]) -> bool:
    return bool({"maxLength", "enum", "format"} & set(schema)) or "{" in schema.get("pattern", "")


@pytest.mark.requirement("S-15")
async def test_what_looks_like_sql_is_only_text(merchant: Caller) -> None:
    for text in ("' OR 1=1 --", "1; DROP TABLE orders", "%' AND sleep(5) --", '{"$gt": ""}', "${7*7}", "../../etc"):
        for parameter in ("buyer", "reference"):
            answer = await merchant.get("/v1/orders", params={parameter: text})
            assert answer.json() == {"items": [], "next": None}, (parameter, text)
        answer = await merchant.get("/v1/stock", params={"sku": text})
        assert answer.json() == {"items": [], "next": None}
