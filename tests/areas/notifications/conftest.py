"""Mail servers that are real: they accept, refuse, hang or are not there."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from dingdan.plumbing.database import Database
from dingdan.plumbing.settings import Post


class Mailbox:
    """What a mail server got, and how it answers: `refuses` by recipient, `hangs` for seconds, `says` to all."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refuses: dict[str, str] = {}
        self.hangs = 0.0
        self.says = ""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Take a recipient, or not."""
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep the mail, then answer, perhaps late."""
        if self.says:
            return self.says
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        await asyncio.sleep(self.hangs)
        return "250 OK"


class MailServer:
    """A mail server of this test's own, and where it stands."""

    def __init__(self) -> None:
        self.box = Mailbox()
        self._controller = Controller(self.box, hostname="127.0.0.1", port=free_port())

    @property
    def url(self) -> str:
        """Its address."""
        return f"smtp://127.0.0.1:{self._controller.port}"

    def start(self) -> "MailServer":
        """Open for business."""
        self._controller.start()
        return self

    def stop(self) -> None:
        """Close."""
        self._controller.stop()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@pytest.fixture
def mail_server(db: Database, post: Callable[..., None]) -> Iterator[MailServer]:
    """A mail server that this database's letters go to."""
    server = MailServer().start()
    post(smtp_url=server.url)
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def post(db: Database) -> Callable[..., None]:
    """Set how letters leave the house."""

    def set_post(**how: Any) -> None:
        db.post = Post(mail_from="orders@shop.example", **how)

    return set_post
