"""Choosing keys of one's own, and going back to everybody's."""

from collections.abc import Mapping

from dingdan.areas.desks import rules, store
from dingdan.plumbing.tx import Tx


async def choose_keys(tx: Tx, wanted: Mapping[str, str]) -> None:
    """Give whoever acts these keys, by the shortcut's name. Raises ShortcutUnknown, KeyUnusable and KeyTaken."""
    await store.keep_keys(tx, tx.actor.id or 0, tx.actor.merchant_id, rules.own_keys(wanted))
