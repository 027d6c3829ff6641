"""A policy on top of another: what the changes leave out stays, what they name is replaced, what they add joins."""

from collections.abc import Mapping
from typing import Any

import msgspec

from dingdan.areas.policies import refusals
from dingdan.areas.policies.model import PolicyDocument
from dingdan.kernel.refusal import Refusal, refuse_all

# Lists whose entries have names: those of the changes stand first, and replace the one of the same name.
NAMED = {"sources": "short", "conditions": "code"}
# Who extends a policy says these anew; the rest is the law's and the base's to say.
OWN = ("id", "version", "effective_from", "name")
KEPT = ("jurisdiction", "extends", "extends_hash")


def as_json(document: PolicyDocument) -> dict[str, Any]:
    """A document as JSON has it: its lists are lists, so that those with names can be joined."""
    written: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(document))
    return written


def merge(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Changes on top of a document, both as JSON has them.

    Maps are merged key by key, and null takes a key away (RFC 7396). Lists are replaced whole, but for those with
    names. Everything else is replaced.
    """
    merged = dict(base)
    for name, value in changes.items():
        before = merged.get(name)
        if value is None:
            merged.pop(name, None)
        elif isinstance(before, dict) and isinstance(value, dict):
            merged[name] = merge(before, value)
        elif name in NAMED and isinstance(before, list) and isinstance(value, list):
            merged[name] = _joined(before, value, NAMED[name])
        else:
            merged[name] = value
    return merged


def changes(base: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
    """What has to be written on top of a document to make another of it, as far as `merge` can: it joins named lists,

    so what the base has in one of those stays.
    """
    written: dict[str, Any] = {name: None for name in base if name not in whole}
    for name, value in whole.items():
        before = base.get(name)
        if name in base and before == value:
            continue
        if isinstance(before, dict) and isinstance(value, dict):
            written[name] = changes(before, value)
        elif name in NAMED and isinstance(before, list):
            fresh = [one for one in value if one not in before]
            written[name] = fresh if _joined(before, fresh, NAMED[name]) == value else value
        else:
            written[name] = value
    return written


def on_top_of(base: PolicyDocument, whole: Mapping[str, Any]) -> dict[str, Any]:
    """A whole document as changes of its base, with what has to be said anew in any case."""
    kept = {name: value for name, value in as_json(base).items() if name not in KEPT}
    mine = {name: value for name, value in whole.items() if name not in KEPT}
    return {name: mine[name] for name in OWN if name in mine} | changes(kept, mine)


def _joined(before: list[Any], added: list[Any], key: str) -> list[Any]:
    names = {one[key] for one in added if isinstance(one, dict) and isinstance(one.get(key), str)}
    return added + [one for one in before if one[key] not in names]


def extended(base: PolicyDocument, base_hash: str, changes: Mapping[str, Any]) -> PolicyDocument:
    """The whole document that changes on top of a base come to. Raises all that is wrong with the changes."""
    under = f"{base.id}@{base.version}"
    problems: list[Refusal] = [refusals.FieldUnusable(name, must="given anew") for name in OWN if name not in changes]
    problems += [
        refusals.FieldUnusable(name, must=f"left to {under}")
        for name in KEPT
        if name in changes and changes[name] != getattr(base, name)
    ]
    reworded = changes.get("rules")
    known = msgspec.to_builtins(base.rules)
    for rule, words in reworded.items() if isinstance(reworded, dict) else ():
        if rule in known and words != known[rule]:
            problems.append(refusals.LawReworded(f"rules.{rule}", rule=rule, base=under))
    refuse_all(problems)
    merged = merge(as_json(base), changes)
    return read(merged | {"extends": under, "extends_hash": base_hash})


def read(written: Mapping[str, Any]) -> PolicyDocument:
    """A document from JSON. Raises DocumentUnreadable with the place."""
    try:
        return msgspec.convert(written, PolicyDocument)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at `$")
        raise refusals.DocumentUnreadable(place.rstrip("`").lstrip("."), why=what) from None
