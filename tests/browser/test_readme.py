"""The README's walk goes the whole road on a running demo, as it is printed there."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest
from tests.browser.conftest import copied
from tests.conftest import MASTER_KEY

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def demo(server: Any, told: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A demo on a free port, over a PostgreSQL where its stories were told before; gives its address and data folder."""
    folder = tmp_path_factory.mktemp("demo")
    with copied(server, told) as database_url:
        yield from _started(folder, {"DINGDAN_DATABASE_URL": database_url, "DINGDAN_MASTER_KEY": MASTER_KEY.hex()})


def _started(folder: Path, settings: dict[str, str]) -> Iterator[tuple[str, Path]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "dingdan", "demo", "--port", str(port), "--data-dir", str(folder)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, **settings},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        said = _until(process.stdout, "Ctrl-C stops everything")
        assert "is running" in said, said
        yield f"http://127.0.0.1:{port}", folder
    finally:
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=60)[0]
    assert process.returncode == 0, rest[-2000:]


def _until(output: IO[str], words: str) -> str:
    said = ""
    for line in output:
        said += line
        if words in line:
            break
    return said


@pytest.mark.timeout(300)
@pytest.mark.requirement("issue 2: demo")
def test_the_walk_in_the_readme_goes_the_whole_road(demo: tuple[str, Path]) -> None:
    url, folder = demo
    (walk,) = re.findall(r"```sh\n(BASE=.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    walk = walk.replace("http://127.0.0.1:8080", url).replace("dingdan-data/demo.key", str(folder / "demo.key"))
    done = subprocess.run(["bash", "-c", walk], capture_output=True, text=True, timeout=120, check=True)
    assert '"problems"' not in done.stdout, done.stdout
    kinds = re.findall(r'"kind":"([a-z_.]+)"', done.stdout.rpartition('{"items"')[2])
    road = [
        "order.placed", "order.paid", "work.queued", "work.claimed", "work.packed", "parcel.dispatched",
        "order.shipped", "parcel.delivered", "order.delivered", "return.requested", "return.approved", "return.sent",
        "return.received", "return.inspected", "refund.requested", "refund.settled", "order.refunded",
        "return.settled",
    ]  # fmt: skip
    assert [kind for kind in road if kind not in kinds] == []


@pytest.mark.timeout(300)
@pytest.mark.requirement("issue 2: demo")
def test_every_queue_of_the_demo_has_something_in_it(demo: tuple[str, Path]) -> None:
    url, folder = demo

    def items(path: str) -> list[dict[str, Any]]:
        request = urllib.request.Request(
            f"{url}/v1/{path}", headers={"Authorization": f"Bearer {(folder / 'demo.key').read_text().strip()}"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            found: list[dict[str, Any]] = json.load(answer)["items"]
        return found

    queues = (
        "disputes?turn=seller", "disputes?state=deciding", "exchanges?state=reserved", "repairs?state=mending",
        "refunds?state=unknown", "refunds?state=failed", "refunds?state=requested", "strays?state=open", "reviews?limit=3",
        "returns/queue?reason=PERSON_ASKED", "inspections?limit=1",
    )  # fmt: skip
    assert [path for path in queues if not items(path)] == []
    assert {"loss", "missing_item", "turned_away", "delay"} <= {one["kind"] for one in items("cases?limit=200")}
    waiting = {reason for one in items("returns/queue") for reason in one["review_reasons"]}
    assert {"PERSON_ASKED", "FAULT_CLAIMED", "price_mismatch"} <= waiting
    told = [
        str(one["reference"]) for n in range(1, 10) for one in items("orders?limit=200") if f"story-{n}-" in str(one)
    ]
    assert len(told) == 9
