"""identity: who people are and what they may do. Personal data is sealed per person and can be destroyed per person."""

from dingdan.areas.identity.events import BuyerForgotten, KeyIssued, KeyRevoked, StaffSaved
from dingdan.areas.identity.forgetting import forget
from dingdan.areas.identity.issuing_keys import issue_key, revoke_key
from dingdan.areas.identity.managing_staff import save_staff
from dingdan.areas.identity.model import ApiKey, Contact, Issued, IssueKey, Known, Person, SaveStaff, Staff, Standing
from dingdan.areas.identity.permissions import (
    CONFLICTS,
    PERMISSIONS,
    ROLE_NAMES,
    ROLES,
    STAFF_ROLES,
    is_reading,
    permissions_of,
)
from dingdan.areas.identity.reading import (
    contact,
    contacts,
    contacts_by_phone,
    find_buyer,
    find_buyers,
    find_key,
    list_keys,
    list_staff,
    seal,
    seal_marks,
    staff_by_ids,
    standing,
    unseal,
)
from dingdan.areas.identity.refusals import (
    BuyerUnknown,
    GrantTooWide,
    KeyUnknown,
    LoginTaken,
    LoginUnusable,
    NameUnusable,
    OtherMerchant,
    OwnRoles,
    PermissionMissing,
    PermissionUnknown,
    RefUnusable,
    RoleAboveMerchants,
    RolesConflict,
    RoleUnknown,
    ScopeBeyondStaff,
    ScopesMissing,
    StaffUnknown,
    TextUnusable,
)
from dingdan.areas.identity.remembering import know_buyers, remember_buyers
from dingdan.areas.identity.rules import mask, problems_of_people

__all__ = [
    "CONFLICTS", "PERMISSIONS", "ROLES", "ROLE_NAMES", "STAFF_ROLES", "ApiKey", "BuyerForgotten", "BuyerUnknown",
    "Contact", "GrantTooWide", "IssueKey", "Issued", "KeyIssued", "KeyRevoked", "KeyUnknown", "Known", "LoginTaken",
    "LoginUnusable", "NameUnusable", "OtherMerchant", "OwnRoles", "PermissionMissing", "PermissionUnknown", "Person",
    "RefUnusable", "RoleAboveMerchants", "RoleUnknown", "RolesConflict", "SaveStaff", "ScopeBeyondStaff",
    "ScopesMissing", "Staff", "StaffSaved", "StaffUnknown", "Standing", "TextUnusable", "contact", "contacts",
    "contacts_by_phone", "find_buyer", "find_buyers", "find_key", "forget", "is_reading", "issue_key", "know_buyers",
    "list_keys", "list_staff", "mask", "permissions_of", "problems_of_people", "remember_buyers", "revoke_key",
    "save_staff", "seal", "seal_marks", "staff_by_ids", "standing", "unseal",
]  # fmt: skip
