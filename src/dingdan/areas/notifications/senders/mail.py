"""A letter as mail, with headers that mail programs understand; and a folder for mail that leaves nowhere."""

import asyncio
import os
from collections.abc import Sequence
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from dingdan.areas.notifications.model import Letter, Outcome, Result
from dingdan.kernel import ids


def mail(letter: Letter, mail_from: str) -> EmailMessage | None:
    """The mail; None where the address is none that mail can be sent to.

    Its Message-ID is the message's own, the same at every attempt: who gets it twice can tell.
    """
    made = EmailMessage(policy=SMTP)
    try:
        made["To"] = Address(addr_spec=letter.to)
        made["From"] = Address(display_name=letter.sender, addr_spec=mail_from)
    except (MessageError, ValueError, IndexError):  # The parser of the library gives up in several ways.
        return None
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(letter.at)
    made["Message-ID"] = f"<{name(letter)}@{mail_from.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(letter.text)
    made.add_alternative(letter.html, subtype="html")
    # Last, for what begins with Content- goes down into the first part when a second one comes.
    made["Content-Language"] = letter.language
    return made


def name(letter: Letter) -> str:
    """What the letter is called outside."""
    return ids.encode("message", letter.message_id)


class Folder:
    """Writes each letter as `msg_….eml`, for a demo and for trying things out; the same letter again is the same file."""

    def __init__(self, folder: Path, mail_from: str) -> None:
        self._folder, self._mail_from = folder, mail_from

    async def send(self, letters: Sequence[Letter], *, until: float) -> list[Outcome]:
        """Put letters into the folder."""
        del until  # A folder keeps nobody waiting.
        return await asyncio.to_thread(lambda: [self._put(letter) for letter in letters])

    def _put(self, letter: Letter) -> Outcome:
        made = mail(letter, self._mail_from)
        if made is None:
            return letter.ended(Result.NO_WAY, "address_unusable")
        path = self._folder / f"{name(letter)}.eml"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            # Whoever looks sees a whole letter or none; it is about people, so it is its owner's alone.
            draft = path.with_suffix(".part")
            with os.fdopen(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
                file.write(made.as_bytes())
            draft.replace(path)
        except OSError:
            return letter.ended(Result.FAILED, "folder_unusable")
        return letter.ended(Result.SENT)
