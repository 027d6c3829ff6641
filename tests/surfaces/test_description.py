"""The description of the API keeps its word: it is tried against a real server by somebody who knows nothing else."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar

from dingdan.plumbing.database import Database
from dingdan.surfaces.api.app import doors, openapi
from tests import given
from tests.surfaces.callers import Caller, good
from tests.surfaces.conftest import key
from tests.surfaces.serving import Server
from tests.surfaces.test_road import basket

# 422 is also our word for what a rule refuses, so a request of the right form may get it.
LEFT_OUT = "positive_data_acceptance"
# It would take away the key that it calls with, once it has found it in a list.
NOT_CALLED = "/revoke$"
# What is made up at random, and what stands on the edges of every field: that takes minutes, so it is proved in slices of
# about the same size, by the first letters of the path.
AT_RANDOM, WITH_EDGES = "examples,fuzzing", "examples,coverage,fuzzing"
SLICES = (
    "^/(?!v1/)|^/v1/[abd-h]", "^/v1/c", "^/v1/[i-n]", "^/v1/o", "^/v1/p[a-n]", "^/v1/(?:p[o-z]|q)", "^/v1/r", "^/v1/s",
    "^/v1/[t-z]",
)  # fmt: skip
HALVES = ("^/(?!v1/)|^/v1/[a-o]", "^/v1/[p-z]")


@pytest.mark.requirement("issue 2: refusals")
@pytest.mark.parametrize(("phases", "paths"), [
    *((AT_RANDOM, paths) for paths in HALVES),
    *(pytest.param(WITH_EDGES, paths, marks=pytest.mark.prove) for paths in SLICES),
])  # fmt: skip
async def test_a_stranger_with_the_description_meets_nothing_else(
    own_server: Server, db: Database, shop: given.Shop, tmp_path: Path, phases: str, paths: str
) -> None:
    secret = await key(db, merchant_id=shop.merchant_id)
    await given.delivered_order(db, shop)
    found = await asyncio.to_thread(
        subprocess.run,
        [str(Path(sys.executable).parent / "schemathesis"), "run", f"{own_server.url}/v1/openapi.json",
         "--header", f"Authorization: Bearer {secret}", "--exclude-checks", LEFT_OUT, "--exclude-path-regex", NOT_CALLED,
         "--include-path-regex", paths,
         "--phases", phases, "--max-examples", "3", "--seed", "7", "--no-color",
         "--generation-database", "none", "--request-timeout", "20"],
        cwd=tmp_path, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout[-40000:] + found.stderr[-2000:]
    assert re.search(r"\b\d{3,} generated", found.stdout), found.stdout[-2000:]


async def test_a_real_server_takes_an_order_and_a_file(own_server: Server, db: Database, shop: given.Shop) -> None:
    async with httpx.AsyncClient(base_url=own_server.url, timeout=30) as client:
        caller = Caller(client, await key(db, merchant_id=shop.merchant_id))
        order = good(await caller.post("/v1/orders", basket()))
        assert good(await caller.get(f"/v1/orders/{order['id']}"))["order"] == order
        rows = b"sku,currency,amount\n" + b"MUG,CNY,100\nTEE,CNY,200\n" * 5_000
        answer = await caller.post("/v1/imports/prices", content=rows, headers={"Content-Type": "text/csv"}, key=None)
        assert answer.text.count("\n") == 10_000
        too_large = await caller.post(
            "/v1/orders", headers={"Content-Type": "application/json"}, content=b" " * 5_000_000
        )
        assert too_large.status_code == 413


def test_every_route_is_described(app: Litestar) -> None:
    described = openapi()
    listed = {f"{method.upper()} {path}" for path, methods in described["paths"].items() for method in methods}
    assert listed == {f"{door.method} {door.path}" for door in doors(app)}
    shapes = [re.sub(r"{\w+}", "{}", path) for path in described["paths"]]
    assert len(shapes) == len(set(shapes)), "paths that differ in the names of their parts only are the same path"


def test_the_description_is_honest_about_what_is_taken() -> None:
    described = openapi()
    schemas = described["components"]["schemas"]
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], path
            assert operation["summary"].endswith("."), operation["summary"]
            names = [parameter["name"] for parameter in operation["parameters"]]
            assert ("Idempotency-Key" in names) <= (method == "post"), path
            for reference in references(operation.get("requestBody", {})):
                assert is_closed(reference, schemas), (path, reference)
            for status, answer in operation["responses"].items():
                assert status[0] in "2" or answer["$ref"].startswith("#/components/responses/"), path
    problem = described["components"]["responses"]["422"]
    assert list(problem["content"]) == ["application/problem+json"]
    assert described["components"]["securitySchemes"]["key"]["scheme"] == "bearer"


def references(found: Any) -> Iterator[str]:
    """The names of the schemas that something refers to."""
    if isinstance(found, dict):
        if "$ref" in found:
            yield found["$ref"].rpartition("/")[2]
        for value in found.values():
            yield from references(value)
    elif isinstance(found, list):
        for value in found:
            yield from references(value)


def is_closed(name: str, schemas: dict[str, Any]) -> bool:
    """Whether a schema and all below it refuse what they do not know."""
    is_object = schemas[name].get("type") == "object"
    return (not is_object or schemas[name].get("additionalProperties") is False) and all(
        is_closed(below, schemas) for below in references(schemas[name])
    )
