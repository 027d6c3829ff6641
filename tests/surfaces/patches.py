"""JSON Patch (RFC 6902) as a caller's library does it: the way out of a problem, taken."""

import copy
from typing import Any


def applied(body: dict[str, Any], patch: list[dict[str, Any]]) -> dict[str, Any]:
    """The body after a patch; the one that was given stays as it is."""
    document = copy.deepcopy(body)
    for step in patch:
        *way, last = [part.replace("~1", "/").replace("~0", "~") for part in step["path"].split("/")[1:]]
        target: Any = document
        for part in way:
            target = target[int(part) if isinstance(target, list) else part]
        _one(target, int(last) if isinstance(target, list) else last, step)
    return document


def _one(target: Any, key: Any, step: dict[str, Any]) -> None:
    """One operation; what is replaced or removed must be there."""
    if step["op"] == "remove":
        del target[key]
    elif step["op"] == "replace":
        assert key in target if isinstance(target, dict) else key < len(target)
        target[key] = step["value"]
    elif isinstance(target, list):
        target.insert(key, step["value"])
    else:
        target[key] = step["value"]
