"""`dingdan staff`: the first people come in by a link that the operator is shown."""

import os
import re
import subprocess
import sys

import pytest
from tests import given
from tests.conftest import MASTER_KEY

from dingdan.areas import access, identity
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 6: console")
PASSWORD = "vier Lampen am Fluss"


def dingdan(db: Database, *arguments: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DINGDAN_")}
    settings = {
        "DINGDAN_DATABASE_URL": db.url,
        "DINGDAN_MASTER_KEY": MASTER_KEY.hex(),
        "DINGDAN_PUBLIC_URL": "https://shop.example",
    }
    command = [sys.executable, "-m", "dingdan", "staff", *arguments]
    return subprocess.run(command, env=kept | settings, capture_output=True, text=True, check=False)


async def test_somebody_is_added_and_chooses_a_password(db: Database) -> None:
    shop = await given.shop(db, code="lantern")
    said = dingdan(db, "add", "lin.wan", "林晚", "merchant", "--merchant", "lantern")
    assert said.returncode == 0, said.stderr
    (secret,) = re.findall(r"https://shop\.example/welcome/(\S+)", said.stdout)
    assert await do(db, SYSTEM, access.accept_invitation, secret, PASSWORD) == "lin.wan"
    tried = await do(db, SYSTEM, access.sign_in, "lin.wan", PASSWORD, "", device="")
    assert tried.begun is not None
    async with db.transaction(SYSTEM) as tx:
        found = await identity.find_staff(tx, "lin.wan")
    assert found is not None
    assert (found.merchant_id, found.roles) == (shop.merchant_id, ("merchant",))
    assert "welcome" in dingdan(db, "invite", "lin.wan").stdout


NOT_POSSIBLE = [
    ("invite", "nobody"), ("add", "x", "X", "emperor"), ("add", "x", "X", "finance", "reviewer"),
    ("add", "x", "X", "lead", "--merchant", "no"),
]  # fmt: skip


@pytest.mark.parametrize("arguments", NOT_POSSIBLE)
async def test_what_cannot_be_is_said_in_a_line(db: Database, arguments: tuple[str, ...]) -> None:
    said = dingdan(db, *arguments)
    assert said.returncode == 1
    assert said.stderr.startswith("Error: ")
    assert "Traceback" not in said.stderr
