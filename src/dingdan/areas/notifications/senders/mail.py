"""A letter as mail: headers that mail programs understand, plain text and HTML."""

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from dingdan.areas.notifications.model import Letter
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
    made["Content-Language"] = letter.language
    made.set_content(letter.text)
    made.add_alternative(letter.html, subtype="html")
    return made


def name(letter: Letter) -> str:
    """What the letter is called outside."""
    return ids.encode("message", letter.message_id)
