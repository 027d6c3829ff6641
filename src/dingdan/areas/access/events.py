"""Facts about signing in and out."""

from dingdan.kernel.event import Event


class SignedIn(Event, frozen=True, kw_only=True):
    """Somebody of the staff signed in; `by` is what with."""

    wire = "staff.signed_in"
    subject = "staff"

    by: str


class SignedOut(Event, frozen=True, kw_only=True):
    """Sessions of somebody of the staff ended by a person's act."""

    wire = "staff.signed_out"
    subject = "staff"

    sessions: int


class SignInLocked(Event, frozen=True, kw_only=True):
    """So many wrong passwords or codes came that no more are looked at for a while."""

    wire = "staff.sign_in_locked"
    subject = "staff"

    failed: int


class InvitationMade(Event, frozen=True, kw_only=True):
    """Somebody of the staff got a link to choose a password with."""

    wire = "staff.invited"
    subject = "staff"


class PasswordSet(Event, frozen=True, kw_only=True):
    """Somebody of the staff chose a password; all their sessions ended."""

    wire = "staff.password_set"
    subject = "staff"


class SecondFactorSet(Event, frozen=True, kw_only=True):
    """Somebody of the staff took a second factor into use, or gave it up."""

    wire = "staff.second_factor_set"
    subject = "staff"

    is_on: bool


class GuestLinkRenewed(Event, frozen=True, kw_only=True):
    """The link to an order was renewed: the ones before open nothing any more."""

    wire = "order.link_renewed"
    subject = "order"


class GuestCodeAsked(Event, frozen=True, kw_only=True):
    """Somebody who named the address of an order asked for a code that opens it; `number` says which, and is no secret."""

    wire = "order.code_asked"
    subject = "order"

    number: int


class GuestCodeUsed(Event, frozen=True, kw_only=True):
    """An order was opened by a code."""

    wire = "order.code_used"
    subject = "order"

    number: int


class GuestCodeSpent(Event, frozen=True, kw_only=True):
    """So many wrong codes were tried that the last one opens nothing any more."""

    wire = "order.code_spent"
    subject = "order"

    number: int


class ListExported(Event, frozen=True, kw_only=True):
    """Somebody of the staff took a list away as a file."""

    wire = "staff.list_exported"
    subject = "staff"

    page: str
    rows: int


class ContactShown(Event, frozen=True, kw_only=True):
    """Somebody of the staff looked at the name, phone and address of an order's buyer."""

    wire = "order.contact_shown"
    subject = "order"
