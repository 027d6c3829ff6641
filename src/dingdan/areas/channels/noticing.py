"""Buyers ask to be told when what they want can be bought again."""

from dingdan.areas.channels import store
from dingdan.areas.channels.events import NoticeAsked
from dingdan.areas.channels.model import AskNotice, Notice
from dingdan.plumbing.tx import Tx


async def ask_notice(tx: Tx, asked: AskNotice) -> Notice:
    """Note that a buyer waits for goods of a channel; who waits already goes on waiting, for the new quantity."""
    hashed = tx.sealer.fingerprint(f"notice {asked.merchant_id}", asked.ref.strip().encode().hex())
    notice, is_new = await store.add_notice(tx, asked, hashed)
    if is_new:
        tx.announce(NoticeAsked(subject_id=notice.id, merchant_id=notice.merchant_id, channel_id=notice.channel_id,
                                product_id=notice.product_id, quantity=notice.quantity))  # fmt: skip
    return notice
