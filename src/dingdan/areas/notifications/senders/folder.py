"""Mail that leaves nowhere: each letter is a file in a folder, for a demo and for trying things out."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

from dingdan.areas.notifications.model import Letter, Outcome, Result
from dingdan.areas.notifications.senders.mail import mail, name
from dingdan.areas.notifications.senders.protocol import outcome


class Folder:
    """Writes `msg_….eml`; the same letter again is the same file."""

    def __init__(self, folder: Path, mail_from: str) -> None:
        self._folder, self._mail_from = folder, mail_from

    async def send(self, letters: Sequence[Letter], *, until: float) -> list[Outcome]:
        """Put letters into the folder."""
        del until  # A folder keeps nobody waiting.
        return await asyncio.to_thread(lambda: [self._put(letter) for letter in letters])

    def _put(self, letter: Letter) -> Outcome:
        made = mail(letter, self._mail_from)
        if made is None:
            return outcome(letter, Result.NO_WAY, "address_unusable")
        path = self._folder / f"{name(letter)}.eml"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            # Whoever looks sees a whole letter or none; it is about people, so it is its owner's alone.
            draft = path.with_suffix(".part")
            with os.fdopen(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
                file.write(made.as_bytes())
            draft.replace(path)
        except OSError:
            return outcome(letter, Result.FAILED, "folder_unusable")
        return outcome(letter, Result.SENT)
