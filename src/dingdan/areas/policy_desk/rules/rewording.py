"""How two versions differ, in the words that buyers read."""

import msgspec

from dingdan.areas.policies import PolicyDocument
from dingdan.areas.policy_desk.model import Said
from dingdan.areas.policy_desk.rules import rendering, wording
from dingdan.kernel.refusal import Text


class Reworded(msgspec.Struct, frozen=True):
    """One topic on which two versions say different things: what is no longer said, and what is said now."""

    code: str
    title: Text
    was: tuple[Said, ...]
    now: tuple[Said, ...]


def reworded(before: PolicyDocument, after: PolicyDocument) -> tuple[Reworded, ...]:
    """Topic by topic, only what differs; nothing where buyers read the same."""
    was = {one.code: one.said for one in rendering.sections(before, "help", None)}
    now = {one.code: one.said for one in rendering.sections(after, "help", None)}
    found = []
    for code in rendering.SHOWN["help"]:
        gone = {one.words for one in was.get(code, ())}
        come = {one.words for one in now.get(code, ())}
        if gone != come:
            found.append(Reworded(
                code, wording.TITLES[code], tuple(one for one in was.get(code, ()) if one.words not in come),
                tuple(one for one in now.get(code, ()) if one.words not in gone),
            ))  # fmt: skip
    return tuple(found)
