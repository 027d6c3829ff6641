"""Pure decisions about staff, keys and people's data: who may be given what, what may be stored, what is shown."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from dingdan.areas.identity import permissions, refusals
from dingdan.areas.identity.model import ChangeStaff, Contact, IssueKey, Person, SaveStaff, Staff
from dingdan.kernel.actor import Actor, ActorKind
from dingdan.kernel.address import Address
from dingdan.kernel.refusal import Refusal

_LOGIN = re.compile(r"[a-z0-9._@+-]{2,64}")
# PostgreSQL stores neither a NUL nor half a surrogate pair, and no label prints the others.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# A key that would outlive everybody who remembers it has no end; a program is changed within a month.
LONGEST_LIFE, LONGEST_OVERLAP = timedelta(days=5 * 365), timedelta(days=30)
MAX_REF, MAX_NAME, MAX_WORDS, MAX_DETAIL = 200, 100, 100, 500
# GB/T 41833-2022 asks a waybill to hide at least six digits of a phone number.
HIDDEN_DIGITS = 6
_DETAIL_STARTS = re.compile(r"[0-9一二三四五六七八九十百]")


def _is_name(text: str, limit: int) -> bool:
    return 1 <= len(text.strip()) <= limit and not _CONTROL.search(text)


def changed(one: Staff, wanted: ChangeStaff) -> SaveStaff:
    """Somebody as they shall be: what is named is otherwise, the rest as it is."""
    return SaveStaff(
        one.merchant_id, one.login,
        one.name if wanted.name is None else wanted.name,
        one.roles if wanted.roles is None else wanted.roles,
        active=one.active if wanted.active is None else wanted.active,
    )  # fmt: skip


def problems_of_staff(wanted: SaveStaff, before: Staff | None, actor: Actor) -> list[Refusal]:
    """Everything that speaks against saving this member of staff."""
    found: list[Refusal] = []
    if not actor.may("staff.manage"):
        found.append(refusals.PermissionMissing(permission="staff.manage"))
    if not _reaches(actor, wanted.merchant_id):
        found.append(refusals.OtherMerchant("merchant_id"))
    if not _LOGIN.fullmatch(wanted.login):
        found.append(refusals.LoginUnusable("login"))
    if before is not None and before.merchant_id != wanted.merchant_id:
        found.append(refusals.LoginTaken("login", login=wanted.login))
    if not _is_name(wanted.name, MAX_NAME):
        found.append(refusals.NameUnusable("name"))
    found += _problems_of_roles(wanted)
    is_self = before is not None and actor.kind is ActorKind.STAFF and actor.id == before.id
    if is_self and before is not None and set(before.roles) != set(wanted.roles):
        found.append(refusals.OwnRoles("roles"))
    return found


def _problems_of_roles(wanted: SaveStaff) -> list[Refusal]:
    known = ", ".join(sorted(permissions.STAFF_ROLES))
    found: list[Refusal] = []
    for i, role in enumerate(wanted.roles):
        if role not in permissions.STAFF_ROLES:
            found.append(refusals.RoleUnknown(f"roles[{i}]", role=role, known=known))
        elif wanted.merchant_id is not None and role in permissions.PLATFORM_ROLES:
            found.append(refusals.RoleAboveMerchants(f"roles[{i}]", role=role))
    if clashes := permissions.conflicts_among(frozenset(wanted.roles)):
        pairs = "; ".join(f"{one} + {other}" for one, other in clashes)
        found.append(refusals.RolesConflict("roles", pairs=pairs))
    return found


def problems_of_key(wanted: IssueKey, staff: Staff | None, actor: Actor, *, now: datetime) -> list[Refusal]:
    """Everything that speaks against this key: nobody gives more than they have, nor to another merchant."""
    found: list[Refusal] = []
    if not actor.may("key.manage"):
        found.append(refusals.PermissionMissing(permission="key.manage"))
    if not _reaches(actor, wanted.merchant_id):
        found.append(refusals.OtherMerchant("merchant_id"))
    if not _is_name(wanted.name, MAX_NAME):
        found.append(refusals.NameUnusable("name"))
    if staff is not None and not _may_speak_for(wanted, staff, actor):
        staff = None
    if wanted.staff_id is not None and staff is None:
        found.append(refusals.StaffUnknown("staff_id"))
    if not wanted.scopes:
        found.append(refusals.ScopesMissing("scopes"))
    if wanted.expires_at is not None and not now < wanted.expires_at <= now + LONGEST_LIFE:
        found.append(refusals.KeyEndUnusable("expires_at", years=LONGEST_LIFE.days // 365))
    of_staff = permissions.permissions_of(frozenset(staff.roles if staff else ()))
    for i, scope in enumerate(wanted.scopes):
        path = f"scopes[{i}]"
        if scope not in permissions.PERMISSIONS:
            found.append(refusals.PermissionUnknown(path, permission=scope))
        elif not actor.may(scope):
            found.append(refusals.GrantTooWide(path, permission=scope))
        elif staff is not None and scope not in of_staff:
            found.append(refusals.ScopeBeyondStaff(path, permission=scope, login=staff.login))
    return found


def _reaches(actor: Actor, merchant_id: int | None) -> bool:
    """Whether an actor may hand out something of this merchant; None is the whole platform."""
    return actor.merchant_id is None or actor.merchant_id == merchant_id


def _may_speak_for(wanted: IssueKey, staff: Staff, actor: Actor) -> bool:
    """Staff of a merchant get keys of that merchant only; platform staff may have one that reaches one merchant."""
    is_own = actor.merchant_id is None or actor.merchant_id == staff.merchant_id
    return staff.active and is_own and staff.merchant_id in (None, wanted.merchant_id)


def problems_of_people(people: Sequence[Person]) -> list[Refusal]:
    """What cannot be stored about these people. Whether an address can be delivered to is not asked here."""
    found: list[Refusal] = []
    for i, person in enumerate(people):
        if not _is_name(person.ref, MAX_REF):
            found.append(refusals.RefUnusable(f"[{i}].ref"))
        at = person.address
        if _is_plain(person):
            continue
        words = [("name", person.name), ("phone", person.phone), ("email", person.email or "")]
        words += [(f"address.{part}", getattr(at, part)) for part in at.__struct_fields__]
        for path, text in words:
            limit = MAX_DETAIL if path == "address.detail" else MAX_WORDS
            if len(text) > limit or _CONTROL.search(text.replace("\n", " ")):
                found.append(refusals.TextUnusable(f"[{i}].{path}", limit=limit))
    return found


def _is_plain(person: Person) -> bool:
    """Whether nothing about a person needs a closer look: true of nearly everybody, so all of it is looked at once."""
    at = person.address
    words = (
        person.name, person.phone, person.email or "", at.name, at.phone, at.country, at.city, at.detail, at.province,
        at.district, at.postcode,
    )  # fmt: skip
    return max(map(len, words)) <= MAX_WORDS and not _CONTROL.search("".join(words))


def phone_digits(phone: str) -> str:
    """A phone number as it is looked for: digits only, and without China's country code."""
    digits = "".join(str(unicodedata.digit(c)) for c in phone if c.isdigit())
    for prefix in ("0086", "86"):
        rest = digits.removeprefix(prefix)
        if rest != digits and len(rest) == 11 and rest.startswith("1"):
            return rest
    return digits


def folded_name(name: str) -> str:
    """A name as it is looked for: spaces do not count."""
    return "".join(name.split())


def folded_place(at: Address) -> str:
    """An address as neighbours share it: who receives does not count, nor do blanks and stops; "" without a street."""
    parts = (at.country, at.province, at.city, at.district, at.detail)
    return "|".join("".join(c for c in part if c.isalnum() or c == "-") for part in parts) if at.detail.strip() else ""


def mask(contact: Contact) -> Contact:
    """The same snapshot for those who may not see it in full: enough to recognise, not enough to reach."""
    if contact.is_erased or contact.address is None:
        return contact
    at = contact.address
    address = msgspec.structs.replace(
        at,
        name=_mask_name(at.name),
        phone=_mask_phone(at.phone),
        detail=_mask_detail(at.detail),
        postcode=at.postcode[:2] + "***" if at.postcode else "",
    )
    email = contact.email
    return msgspec.structs.replace(
        contact,
        ref="***",
        remark="",
        name=_mask_name(contact.name),
        phone=_mask_phone(contact.phone),
        email=f"{email[:1]}***@{email.rpartition('@')[2]}" if email and "@" in email else email and "***",
        address=address,
    )


def _mask_name(name: str) -> str:
    return name[:1] + "*" * max(1, len(name) - 1) if len(name) > 1 else "*" * len(name)


def _mask_phone(phone: str) -> str:
    shown = max(0, min(3, sum(c.isdigit() for c in phone) - HIDDEN_DIGITS))
    seen, out = 0, []
    for c in phone:
        seen += c.isdigit()
        out.append("*" if c.isalnum() and (seen > shown or not c.isdigit()) else c)
    return "".join(out)


def _mask_detail(detail: str) -> str:
    """The street without house, unit and room: cut at the first number, and never more than half of it."""
    first = _DETAIL_STARTS.search(detail)
    return detail[: min(first.start() if first else len(detail), len(detail) // 2)] + "***"
