"""Which keys somebody may choose for themselves."""

import unicodedata
from collections.abc import Mapping

from dingdan.areas.desks import refusals
from dingdan.areas.desks.model import FIXED, SHORTCUTS
from dingdan.kernel.refusal import Refusal, refuse_all

KNOWN = {one.name: one for one in SHORTCUTS}


def own_keys(wanted: Mapping[str, str]) -> dict[str, str]:
    """Which shortcuts have another key than everybody's, by name; what is empty is as it was.

    Raises ShortcutUnknown, KeyUnusable and KeyTaken, all at once, at the shortcut's name.
    """
    problems: list[Refusal] = [refusals.ShortcutUnknown(name) for name in wanted if name not in KNOWN]
    pressed = {name: _plain(text) for name, text in wanted.items() if name in KNOWN}
    problems += [refusals.KeyUnusable(name) for name, key in pressed.items() if key and not _is_usable(key)]
    refuse_all(problems)
    by_key: dict[str, str] = {}
    for one in SHORTCUTS:
        key = pressed.get(one.name) or one.key
        first = KNOWN[by_key.setdefault(key, one.name)]
        if first.name != one.name:
            # Said at the one that was moved there.
            at = one.name if key != one.key else first.name
            problems.append(refusals.KeyTaken(
                at, key=key, first=first.text.en, first_zh=first.text.zh, second=one.text.en, second_zh=one.text.zh,
            ))  # fmt: skip
    refuse_all(problems)
    return {name: key for name, key in pressed.items() if key and key != KNOWN[name].key}


def _plain(text: str) -> str:
    """A key as it stands on a keyboard: an input method may have made it wide, or small."""
    return unicodedata.normalize("NFKC", text).strip().upper()


def _is_usable(key: str) -> bool:
    # Where small and large have other numbers of characters, a page could not tell what was pressed.
    return len(key) == len(key.lower()) == 1 and key.isprintable() and not key.isspace() and key not in FIXED
