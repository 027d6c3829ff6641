"""Lines of JSON that somebody takes away, with a last line that the house signs, so that anybody can check them anywhere."""

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import msgspec

from dingdan.kernel.canonical import canonical
from dingdan.plumbing.secrets import Sealer, attested

FORMAT = "dingdan-lines-1"
PURPOSE = "lines"
_END = re.compile(rb'(\{.*),"signature":"([0-9a-f]{128})"\}\n?')


class Checked(msgspec.Struct, frozen=True):
    """What a file says of itself in its last line, and what is wrong with it; nothing is, where that is empty."""

    about: dict[str, Any]
    faults: list[str]


def ended(lines: Sequence[Mapping[str, Any]], about: Mapping[str, Any], sealer: Sealer) -> bytes:
    """Lines as a file. The last one says how many there are, the ids of the first and the last, their hash and `about`.

    What is signed is that last line without its signature, which stands at its end.
    """
    body = b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
    said = canonical({
        **about, "format": FORMAT, "count": len(lines), "first": lines[0]["id"] if lines else None,
        "last": lines[-1]["id"] if lines else None, "sha256": sha256(body).hexdigest(), "key": sealer.public_key.hex(),
    })  # fmt: skip
    return body + said[:-1] + b',"signature":"' + sealer.attest(PURPOSE, said).hex().encode() + b'"}\n'


def checked(file: bytes, public_key: bytes) -> Checked:
    """Whether a file is, byte for byte, what the house of this key ended."""
    body, last = _parts(file)
    found = _END.fullmatch(last)
    if found is None:
        return Checked({}, ["the last line is no signed end: something was cut off, or it is no file of this kind"])
    said, signature = found[1] + b"}", bytes.fromhex(found[2].decode())
    if not attested(public_key, PURPOSE, said, signature):
        return Checked({}, ["the last line was not signed with this key"])
    about: dict[str, Any] = msgspec.json.decode(said)
    if about.get("format") != FORMAT:
        return Checked(about, [f"the format is {about.get('format')}, this program reads {FORMAT}"])
    faults = []
    count = body.count(b"\n")
    if count != about["count"]:
        faults.append(f"{count} lines are there, {about['count']} were signed")
    if sha256(body).hexdigest() != about["sha256"]:
        faults.append("the lines are not those that were signed")
    return Checked(about, faults)


def _parts(file: bytes) -> tuple[bytes, bytes]:
    """All lines but the last, and the last."""
    cut = file.rfind(b"\n", 0, len(file) - 1) + 1
    return file[:cut], file[cut:]
