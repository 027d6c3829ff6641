"""Lines of the log are gathered, and none of them is lost."""

import asyncio
import io

from dingdan.plumbing.telemetry import GATHER_SECONDS, Gathered


class _Counted(io.StringIO):
    writes = 0

    def write(self, text: str) -> int:
        self.writes += 1
        return super().write(text)


def _say(gathered: Gathered, *lines: str) -> None:
    for line in lines:
        gathered.write(line)
        gathered.flush()


async def test_lines_go_out_together_a_moment_later() -> None:
    stream = _Counted()
    gathered = Gathered(stream)
    _say(gathered, "one ", "two ")
    assert stream.getvalue() == ""
    await asyncio.sleep(3 * GATHER_SECONDS)
    assert (stream.getvalue(), stream.writes) == ("one two ", 1)


def test_without_a_loop_each_goes_out_at_once_and_what_a_loop_left_behind_goes_first() -> None:
    stream = _Counted()
    gathered = Gathered(stream)

    async def say() -> None:
        _say(gathered, "left ")

    asyncio.run(say())
    assert stream.getvalue() == ""
    _say(gathered, "one ")
    assert stream.getvalue() == "left one "


def test_another_loop_is_asked_again() -> None:
    stream = _Counted()
    gathered = Gathered(stream)

    async def say(*, stays: bool) -> None:
        _say(gathered, "word ")
        if stays:
            await asyncio.sleep(3 * GATHER_SECONDS)

    asyncio.run(say(stays=False))
    asyncio.run(say(stays=True))
    assert stream.getvalue() == "word word "
