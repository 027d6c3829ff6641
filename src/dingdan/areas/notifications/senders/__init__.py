"""The ways out of the house: mail by SMTP or into a folder; text and push messages by adapters."""

from collections.abc import Sequence
from typing import Protocol

from dingdan.areas.notifications.model import Channel, Letter, Outcome
from dingdan.areas.notifications.senders.mail import Folder
from dingdan.areas.notifications.senders.sandbox import Sandbox
from dingdan.areas.notifications.senders.smtp import Smtp
from dingdan.plumbing.database import Database


class Sender(Protocol):
    """A way out of the house. It raises nothing for what can go wrong outside: that is an outcome."""

    async def send(self, letters: Sequence[Letter], *, until: float) -> list[Outcome]:
        """An outcome for each letter; what the loop's clock leaves no time for (`until`) is not tried."""


def find(db: Database, channel: Channel) -> Sender | None:
    """The sender of a channel as this house is set up; None where there is none."""
    post = db.post
    if channel is Channel.EMAIL:
        if post.smtp_url:
            return Smtp(post)
        return Folder(post.folder, post.mail_from) if post.folder is not None and db.sandbox else None
    return Sandbox(db, channel) if db.sandbox and channel is not Channel.IN_APP else None
