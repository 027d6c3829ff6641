"""The evidence behind a flag as one packet: what was noticed, what followed, who decided, and the case files of its orders."""

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, to_builtins
from msgspec.structs import asdict

from dingdan.areas.abuse.model import KINDS, Flag, Handover, Signal, Taken
from dingdan.kernel import ids
from dingdan.kernel.canonical import canonical

# Packets know no time zone and no time before this one.
_EPOCH = (1980, 1, 1, 0, 0, 0)


# What the ids in these things are of.
_KINDS = {"merchant_id": "merchant", "buyer_id": "buyer", "order_id": "order", "flag_id": "abuse_flag", "by": "staff",
          "signed_by": "staff", "decided_by": "staff"}  # fmt: skip


def package(
    handover: Handover,
    flag: Flag,
    signals: Sequence[Signal],
    taken: Sequence[Taken],
    *,
    case_files: Mapping[int, bytes],
    going: Mapping[int, Mapping[str, Any]],
) -> bytes:
    """A packet (zip) with a manifest of hashes; the same bytes as long as nothing happens.

    Archived orders come with their case file. Those that are still `going` come as they stand now, and are named.
    """
    files = {f"case-file-{ids.spoken(order_id)}.zip": data for order_id, data in case_files.items()}
    files |= {f"order-{ids.spoken(order_id)}.json": canonical(told) for order_id, told in going.items()}
    files["flag.json"] = canonical({
        "flag": _told(flag, "abuse_flag"),
        "signs": [{**_told(one, "abuse_signal"), "says": to_builtins(KINDS[one.kind])} for one in signals],
        "measures": [_told(one, "abuse_measure") for one in taken],
    })  # fmt: skip
    files["manifest.json"] = canonical({
        "handover": _told(handover, "abuse_handover"),
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())},
        "orders": [ids.encode("order", number) for number in handover.order_ids],
        "not_archived": [ids.encode("order", number) for number in handover.order_ids if number not in case_files],
    })  # fmt: skip
    packet = io.BytesIO()
    with zipfile.ZipFile(packet, "w") as into:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            entry.compress_type = zipfile.ZIP_DEFLATED
            into.writestr(entry, data)
    return packet.getvalue()


def _told(one: Struct, kind: str) -> dict[str, Any]:
    """Something with its ids as they are written everywhere."""
    told = asdict(one)
    of = {**_KINDS, "id": kind, "subject_id": told.get("subject", "")}
    for name, value in told.items():
        if name in of and value is not None:
            told[name] = ids.encode(of[name], value)
    told |= {"order_ids": [ids.encode("order", number) for number in told["order_ids"]]} if "order_ids" in told else {}
    built: dict[str, Any] = to_builtins(told)
    return built
