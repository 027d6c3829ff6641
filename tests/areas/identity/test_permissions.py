"""The table of permissions and roles holds together."""

from itertools import combinations

import pytest

from dingdan.areas import identity

PERMISSIONS, ROLES = identity.PERMISSIONS, identity.ROLES


def test_every_role_gives_permissions_that_exist_and_has_a_name() -> None:
    assert ROLES.keys() == identity.ROLE_NAMES.keys()
    assert all(held <= PERMISSIONS.keys() for held in ROLES.values())


def test_every_permission_is_said_in_both_languages_and_held_by_somebody() -> None:
    assert all(text.en and text.zh for text in PERMISSIONS.values())
    assert PERMISSIONS.keys() == frozenset().union(*ROLES.values())


@pytest.mark.requirement("S-02")
@pytest.mark.parametrize(
    ("role", "permission"),
    [
        ("warehouse", "order.read"), ("warehouse", "refund.approve"), ("warehouse", "return.decide"),
        ("merchant", "refund.approve"), ("merchant", "parcel.ship"), ("merchant", "return.inspect"),
        ("reviewer", "refund.request"), ("reviewer", "work.do"), ("customer_service", "refund.approve"),
        ("customer_service", "price.write"), ("finance", "order.read_contact"), ("finance", "order.cancel"),
        ("finance", "work.do"), ("admin", "order.read"), ("admin", "refund.approve"), ("admin", "audit.read"),
        ("auditor", "order.read_contact"), ("inspector", "return.dispose"), ("customer", "order.hold"),
        ("logistics", "order.read_contact"),
    ],
)  # fmt: skip
def test_what_a_role_may_not_do(role: str, permission: str) -> None:
    assert permission in PERMISSIONS
    assert permission not in ROLES[role]


@pytest.mark.requirement("S-02")
@pytest.mark.parametrize(
    ("role", "permission"),
    [
        ("customer", "return.apply"), ("merchant", "staff.manage"), ("merchant", "audit.read"),
        ("reviewer", "return.decide"), ("warehouse", "parcel.ship"), ("inspector", "return.inspect"),
        ("finance", "refund.approve"), ("finance", "ledger.read"), ("admin", "key.manage"), ("auditor", "audit.read"),
        ("auditor", "ledger.read"), ("lead", "order.hold"), ("arbitrator", "return.decide"), ("risk", "order.hold"),
        ("manager", "audit.read"), ("manager", "archive.read"), ("admin", "webhook.write"), ("admin", "event.read"),
    ],
)  # fmt: skip
def test_what_a_role_may_do(role: str, permission: str) -> None:
    assert permission in ROLES[role]


def test_an_auditor_changes_nothing() -> None:
    assert all(identity.is_reading(permission) for permission in ROLES["auditor"])


def test_a_merchant_can_make_the_key_of_its_own_shop() -> None:
    assert ROLES["storefront"] <= ROLES["merchant"]


@pytest.mark.requirement("S-08")
def test_only_one_role_pays_out_and_nobody_who_decides_or_inspects_holds_it_too() -> None:
    assert [role for role, held in ROLES.items() if "refund.approve" in held] == ["finance"]
    for other in ("reviewer", "warehouse", "inspector", "admin", "auditor"):
        assert tuple(sorted(("finance", other))) in identity.CONFLICTS


@pytest.mark.requirement("S-08")
def test_the_administrator_does_no_business_and_the_auditor_holds_nothing_that_writes() -> None:
    for role in identity.STAFF_ROLES - {"admin"}:
        assert tuple(sorted(("admin", role))) in identity.CONFLICTS
    for role in identity.STAFF_ROLES - {"auditor"}:
        writes = not all(identity.is_reading(permission) for permission in ROLES[role])
        assert (tuple(sorted(("auditor", role))) in identity.CONFLICTS) == writes


def test_conflicts_are_pairs_of_staff_roles_each_once() -> None:
    pairs = list(combinations(sorted(identity.STAFF_ROLES), 2))
    assert set(identity.CONFLICTS) <= set(pairs)
    assert len(set(identity.CONFLICTS)) == len(identity.CONFLICTS)


def test_a_role_that_is_gone_gives_nothing() -> None:
    assert identity.permissions_of(frozenset({"wizard"})) == frozenset()
    assert identity.permissions_of(frozenset({"risk", "wizard"})) == ROLES["risk"]
