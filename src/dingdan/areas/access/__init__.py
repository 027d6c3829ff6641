"""access: how people prove who they are: staff by password and second factor, guests by the link to one order."""

from dingdan.areas.access.calling_in import ask_code, enter_code, live_codes
from dingdan.areas.access.changing_secrets import accept_invitation, change_password, invite
from dingdan.areas.access.events import (
    ContactShown,
    GuestCodeAsked,
    GuestCodeSpent,
    GuestCodeUsed,
    GuestLinkRenewed,
    InvitationMade,
    ListExported,
    PasswordSet,
    SecondFactorSet,
    SignedIn,
    SignedOut,
    SignInLocked,
)
from dingdan.areas.access.exporting import note_contact_shown, note_export
from dingdan.areas.access.linking import admit, guest_secret, guest_secrets, renew
from dingdan.areas.access.model import Begun, Entered, Guest, Invitation, LiveCode, Offered, Session, Tried
from dingdan.areas.access.proving import confirm_second_factor, drop_second_factor, offer_second_factor
from dingdan.areas.access.reading import find_session, has_password, has_second_factor
from dingdan.areas.access.refusals import (
    CodeWrong,
    GuestCodeWrong,
    InvitationUnusable,
    LinkUnusable,
    PasswordTooWeak,
    ProofTooOld,
    SecretsWrong,
    SignInPaused,
)
from dingdan.areas.access.rules import FRESH, LONGEST
from dingdan.areas.access.signing_in import end_all, end_all_of, prove_again, sign_in, sign_in_by_name, sign_out

__all__ = [
    "FRESH",
    "LONGEST",
    "Begun",
    "CodeWrong",
    "ContactShown",
    "Entered",
    "Guest",
    "GuestCodeAsked",
    "GuestCodeSpent",
    "GuestCodeUsed",
    "GuestCodeWrong",
    "GuestLinkRenewed",
    "Invitation",
    "InvitationMade",
    "InvitationUnusable",
    "LinkUnusable",
    "ListExported",
    "LiveCode",
    "Offered",
    "PasswordSet",
    "PasswordTooWeak",
    "ProofTooOld",
    "SecondFactorSet",
    "SecretsWrong",
    "Session",
    "SignInLocked",
    "SignInPaused",
    "SignedIn",
    "SignedOut",
    "Tried",
    "accept_invitation",
    "admit",
    "ask_code",
    "change_password",
    "confirm_second_factor",
    "drop_second_factor",
    "end_all",
    "end_all_of",
    "enter_code",
    "find_session",
    "guest_secret",
    "guest_secrets",
    "has_password",
    "has_second_factor",
    "invite",
    "live_codes",
    "note_contact_shown",
    "note_export",
    "offer_second_factor",
    "prove_again",
    "renew",
    "sign_in",
    "sign_in_by_name",
    "sign_out",
]
