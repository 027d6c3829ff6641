"""`dingdan audit` as an operator types it."""

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dingdan.cli.audit import audit
from dingdan.plumbing import attested_lines
from dingdan.plumbing.secrets import Sealer

pytestmark = pytest.mark.requirement("S-23")

KEY = "0a" * 32
HOUSE = Sealer(bytes.fromhex(KEY))


async def run(*words: str, **settings: str) -> Result:
    """The command in a thread, since it brings its own loop."""
    return await asyncio.to_thread(CliRunner().invoke, audit, list(words), env=settings)


async def test_the_public_key_is_printed_and_none_is_made(tmp_path: Path) -> None:
    printed = await run("key", DINGDAN_MASTER_KEY=KEY)
    assert (printed.exit_code, printed.output.strip()) == (0, HOUSE.public_key.hex())
    assert (await run("key", DINGDAN_DATA_DIR=str(tmp_path))).exit_code != 0
    assert not (tmp_path / "master.key").exists()


async def test_the_chain_of_a_new_house_is_whole_and_knows_no_end_of_another(database_url: str, tmp_path: Path) -> None:
    here = {"DINGDAN_DATABASE_URL": database_url, "DINGDAN_MASTER_KEY": KEY}
    whole = await run("chain", **here)
    assert (whole.exit_code, whole.output) == (0, "       0  attestations checked, whole up to entry 0\n")
    about = {"chain": {"entry": 7, "hash": "ab" * 32}, "taken_at": "2026-11-26T00:00:00+00:00"}
    file = tmp_path / "audit.jsonl"
    file.write_bytes(attested_lines.ended([], about, HOUSE))
    other = await run("chain", "--against", str(file), **here)
    assert other.exit_code == 1
    assert "at entry 7" in other.output
    file.write_bytes(attested_lines.ended([], about, Sealer(b"other" * 8)))
    forged = await run("chain", "--against", str(file), **here)
    assert forged.exit_code == 1
    assert "not signed with this key" in forged.output


async def test_a_file_of_before_does_not_say_of_which_time_it_is(tmp_path: Path) -> None:
    about = {"taken_at": "2026-11-26T00:00:00+00:00", "is_complete": True}
    file = tmp_path / "audit.jsonl"
    for period, said in (
        ({}, "of a time that is not said, as they were taken at"),
        ({"since": "2026-10-26", "until": None}, "from 2026-10-26 until they were taken at"),
        ({"since": None, "until": "2026-11-01"}, "from the beginning until 2026-11-01, as they were taken at"),
    ):
        file.write_bytes(attested_lines.ended([], about | period, HOUSE))
        checked = await run("verify", str(file), "--key", HOUSE.public_key.hex())
        assert (checked.exit_code, said in checked.output) == (0, True), checked.output
