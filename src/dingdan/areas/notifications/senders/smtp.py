"""Mail by SMTP: one connection for all letters of a call, and errors told apart by what they mean for trying again."""

import asyncio
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

import aiosmtplib

from dingdan.areas.notifications.model import Letter, Outcome, Result
from dingdan.areas.notifications.senders.mail import mail
from dingdan.plumbing.settings import Post

CONNECT_SECONDS = 5.0
# No answer: what was under way may have gone out.
NO_ANSWER = (aiosmtplib.SMTPTimeoutError, aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPReadTimeoutError, OSError)


class Smtp:
    """A mail server, by its address (see `smtp_url` in the settings)."""

    def __init__(self, post: Post) -> None:
        # Else the client asks the name service who we are.
        self._options = options(post.smtp_url) | {"local_hostname": post.mail_from.rpartition("@")[2]}
        self._mail_from, self._letter_seconds = post.mail_from, post.letter_seconds

    async def send(self, letters: Sequence[Letter], *, until: float) -> list[Outcome]:
        """Send letters one after another; a server that stops answering is not waited for again and again."""
        done: list[Outcome] = []
        client: aiosmtplib.SMTP | None = None
        try:
            for n, letter in enumerate(letters):
                if asyncio.get_running_loop().time() >= until:
                    return done + [one.ended(Result.NOT_TRIED) for one in letters[n:]]
                if client is None or not client.is_connected:
                    client = aiosmtplib.SMTP(**self._options, timeout=CONNECT_SECONDS)
                    if why := await _connect(client):
                        return done + [one.ended(Result.FAILED, why) for one in letters[n:]]
                one = await self._one(client, letter)
                done.append(one)
                if one.why == "timed_out":
                    return done + [other.ended(Result.FAILED, "unreachable") for other in letters[n + 1 :]]
            return done
        finally:
            if client is not None:
                await _leave(client)

    async def _one(self, client: aiosmtplib.SMTP, letter: Letter) -> Outcome:
        made = mail(letter, self._mail_from)
        if made is None:
            return letter.ended(Result.NO_WAY, "address_unusable")
        try:
            async with asyncio.timeout(self._letter_seconds):
                await client.send_message(made, timeout=self._letter_seconds)
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _refused(letter, error.recipients[0].code)
        except aiosmtplib.SMTPResponseException as error:
            return _refused(letter, error.code)
        except (TimeoutError, aiosmtplib.SMTPTimeoutError):
            client.close()
            return letter.ended(Result.UNKNOWN, "timed_out")
        except NO_ANSWER:
            client.close()
            return letter.ended(Result.UNKNOWN, "disconnected")
        except aiosmtplib.SMTPNotSupported:
            return letter.ended(Result.REFUSED, "address_not_supported")
        except aiosmtplib.SMTPException:
            return letter.ended(Result.FAILED, "smtp_error")
        return letter.ended(Result.SENT)


def options(url: str) -> dict[str, Any]:
    """What the client is told, from an address such as `smtp://user:password@host:port`. Raises ValueError."""
    parts = urlsplit(url)
    known = {"smtp": (None, 25), "smtp+starttls": (True, 587), "smtps": (False, 465)}
    if parts.scheme not in known or not parts.hostname:
        # The address itself may hold a password: it is not repeated.
        raise ValueError("DINGDAN_SMTP_URL begins with smtp://, smtp+starttls:// or smtps:// and names a host")
    start_tls, port = known[parts.scheme]
    return {
        "hostname": parts.hostname, "port": parts.port or port, "use_tls": parts.scheme == "smtps",
        "start_tls": start_tls, "username": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password else None,
    }  # fmt: skip


async def _connect(client: aiosmtplib.SMTP) -> str:
    """Connect and say hello; gives the code of what went wrong, or nothing."""
    try:
        async with asyncio.timeout(2 * CONNECT_SECONDS):
            await client.connect()
    except aiosmtplib.SMTPAuthenticationError:
        return "sign_in_refused"
    except (TimeoutError, OSError, aiosmtplib.SMTPException):
        client.close()
        return "unreachable"
    return ""


async def _leave(client: aiosmtplib.SMTP) -> None:
    """Say goodbye; whoever does not answer is left standing."""
    try:
        if client.is_connected:
            await client.quit(timeout=1.0)
    except (OSError, aiosmtplib.SMTPException):
        pass
    client.close()


def _refused(letter: Letter, code: int) -> Outcome:
    """5xx is a no for good, everything else a not now; the server's own words may name somebody and are not kept."""
    return letter.ended(Result.REFUSED if 500 <= code < 600 else Result.FAILED, f"smtp_{code}")
