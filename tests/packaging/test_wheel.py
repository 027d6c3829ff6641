"""The wheel, built as for a release, runs in an empty place, without the checkout and without Node."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

ROOT = Path(__file__).parents[2]
READY_SECONDS = 180
STOP_SECONDS = 20

pytestmark = pytest.mark.timeout(600)


class Place(NamedTuple):
    """An empty folder with a virtual environment that holds the wheel, what it needs, and nothing else."""

    folder: Path
    bin: Path

    def run(self, *command: str) -> str:
        """Run a program of the virtual environment to its end."""
        program, *arguments = command
        return subprocess.run(
            [self.bin / program, *arguments],
            cwd=self.folder,
            env=environment(self.bin),
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dist = tmp_path_factory.mktemp("dist")
    # The checkout makes the source distribution, and that alone the wheel. `make install` has fetched the
    # assets, so neither step needs Node or the network.
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", dist, ROOT],
        env=environment(Path(sys.executable).parent),
        check=True,
    )
    (built,) = dist.glob("dingdan-*.whl")
    return built


@pytest.fixture(scope="module")
def place(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("place")
    venv.create(folder / "venv", with_pip=True)
    place = Place(folder, folder / "venv" / "bin")
    pip = ("pip", "--disable-pip-version-check", "install", "--quiet")
    # Only wheels: whoever installs the program needs no compiler.
    locked = ROOT / "requirements" / "runtime.txt"
    place.run(*pip, "--require-hashes", "--only-binary=:all:", "--requirement", str(locked))
    place.run(*pip, "--no-deps", str(wheel))
    return place


def test_the_wheel_carries_every_file_of_the_program(wheel: Path) -> None:
    carried = set(zipfile.ZipFile(wheel).namelist())
    source = {
        path.relative_to(ROOT / "src").as_posix()
        for path in (ROOT / "src" / "dingdan").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }

    assert "dingdan/assets/vendor/swagger-ui-dist/swagger-ui-bundle.js" in carried
    assert {name for name in carried if name.startswith("dingdan/")} == source


def test_the_program_comes_from_the_wheel(place: Place) -> None:
    where = place.run("python", "-c", "import dingdan; print(dingdan.__file__)").strip()

    assert Path(where).is_relative_to(place.folder)
    place.run("pip", "check")


def test_the_demo_answers_and_stops(place: Place) -> None:
    assert shutil.which("npm", path=environment(place.bin)["PATH"]) is None

    with running_demo(place) as (demo, client):
        wait_until_ready(demo, client)
        page = client.get("/docs")
        description = client.get("/v1/openapi.json")
        demo.send_signal(signal.SIGINT)
        code = demo.wait(STOP_SECONDS)

    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert description.status_code == 200
    assert description.json()["paths"]
    assert code == 0
    assert postmasters(place) == [], "The demo has left its PostgreSQL running."


@contextmanager
def running_demo(place: Place) -> Iterator[tuple[subprocess.Popen[bytes], httpx.Client]]:
    port = free_port()
    command = [place.bin / "dingdan", "demo", "--port", str(port), "--data-dir", place.folder / "data"]
    # What it says goes where pytest shows it when the test fails.
    demo = subprocess.Popen(command, cwd=place.folder, env=environment(place.bin), stdin=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10, trust_env=False) as client:
            yield demo, client
    finally:
        demo.kill()
        demo.wait()
        for pid in postmasters(place):
            os.kill(pid, signal.SIGINT)


def wait_until_ready(demo: subprocess.Popen[bytes], client: httpx.Client) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        assert demo.poll() is None, f"The demo ended by itself with exit code {demo.returncode}."
        try:
            if client.get("/health/ready").status_code == 200:
                return
        except httpx.TransportError:
            pass  # It does not listen yet.
        time.sleep(0.2)
    pytest.fail(f"The demo was not ready after {READY_SECONDS} seconds.")


def postmasters(place: Place) -> list[int]:
    """Every PostgreSQL that says it runs on the demo's data."""
    return [int(path.read_text().split()[0]) for path in (place.folder / "data").rglob("postmaster.pid")]


def environment(first: Path) -> dict[str, str]:
    """What a stranger's machine has: nothing of this checkout's settings, and no Node."""
    ours = ("DINGDAN_", "PYTHON", "VIRTUAL_ENV")
    theirs = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    folders = [
        folder
        for folder in os.environ["PATH"].split(os.pathsep)
        if shutil.which("node", path=folder) is None and shutil.which("npm", path=folder) is None
    ]
    return theirs | {"PATH": os.pathsep.join([str(first), *folders])}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
