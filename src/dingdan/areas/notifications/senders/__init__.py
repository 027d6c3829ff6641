"""The ways out of the house: mail by SMTP or into a folder; text and push messages by adapters."""

from dingdan.areas.notifications.model import Channel
from dingdan.areas.notifications.senders.folder import Folder
from dingdan.areas.notifications.senders.protocol import Sender
from dingdan.areas.notifications.senders.sandbox import Sandbox
from dingdan.areas.notifications.senders.smtp import Smtp
from dingdan.plumbing.database import Database


def find(db: Database, channel: Channel) -> Sender | None:
    """The sender of a channel as this house is set up; None where there is none."""
    post = db.post
    if channel is Channel.EMAIL:
        if post.smtp_url:
            return Smtp(post.smtp_url, post.mail_from)
        return Folder(post.folder, post.mail_from) if post.folder is not None and db.sandbox else None
    return Sandbox(db, channel) if db.sandbox and channel is not Channel.IN_APP else None
