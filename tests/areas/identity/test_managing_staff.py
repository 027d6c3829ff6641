"""Staff and their roles: what is refused, what is announced, and that it bites at once."""

from typing import Any

import pytest
from tests import given

from dingdan.areas import identity
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusals
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

SHOP, OTHER = 7, 8
OWNER = Actor(ActorKind.KEY, 1, "owner", SHOP, identity.ROLES["merchant"])


def person(**changes: object) -> identity.SaveStaff:
    """Somebody of the shop's staff."""
    usual = {"merchant_id": SHOP, "login": "lin.wan", "name": "林晚", "roles": ("reviewer",)}
    return identity.SaveStaff(**{**usual, **changes})  # type: ignore[arg-type]


async def wires(db: Database) -> list[str]:
    async with db.reading(SYSTEM) as tx:
        return [row["wire"] for row in await tx.fetch("SELECT wire FROM facts ORDER BY id")]


async def test_saving_the_same_again_changes_and_announces_nothing(db: Database) -> None:
    first = await do(db, OWNER, identity.save_staff, person(roles=("reviewer", "logistics", "reviewer")))
    again = await do(db, OWNER, identity.save_staff, person(roles=("logistics", "reviewer")))
    assert first == again
    assert first.roles == ("logistics", "reviewer")
    changed = await do(db, OWNER, identity.save_staff, person(name="林晚 (夜班)"))
    assert (changed.id, changed.roles) == (first.id, ("reviewer",))
    assert await wires(db) == ["staff.saved", "staff.saved"]


@pytest.mark.requirement("S-08")
@pytest.mark.parametrize("roles", [("reviewer", "finance"), ("warehouse", "finance"), ("inspector", "finance")])
async def test_who_decides_or_inspects_may_not_pay_out(db: Database, roles: tuple[str, ...]) -> None:
    with pytest.raises(identity.RolesConflict) as refused:
        await do(db, OWNER, identity.save_staff, person(roles=roles))
    assert refused.value.kind.value == 409
    assert await wires(db) == []


@pytest.mark.requirement("S-08")
@pytest.mark.parametrize("role", ["finance", "merchant", "customer_service", "auditor"])
async def test_the_administrator_has_no_second_role(db: Database, role: str) -> None:
    with pytest.raises(identity.RolesConflict):
        await do(db, SYSTEM, identity.save_staff, person(merchant_id=None, roles=("admin", role)))


@pytest.mark.requirement("S-08")
async def test_three_that_clash_are_named_in_one_answer(db: Database) -> None:
    with pytest.raises(identity.RolesConflict) as refused:
        await do(db, SYSTEM, identity.save_staff, person(merchant_id=None, roles=("admin", "finance", "reviewer")))
    assert refused.value.params["pairs"] == "admin + finance; admin + reviewer; finance + reviewer"


async def test_everything_that_is_wrong_is_said_at_once(db: Database) -> None:
    wrong = person(merchant_id=OTHER, login="Lin Wan", name=" ", roles=("wizard", "admin", "customer"))
    with pytest.raises(Refusals) as refused:
        await do(db, OWNER, identity.save_staff, wrong)
    assert [(problem.code, problem.path) for problem in refused.value.problems] == [
        ("identity.other_merchant", "merchant_id"),
        ("identity.login_unusable", "login"),
        ("identity.name_unusable", "name"),
        ("identity.role_unknown", "roles[0]"),
        ("identity.role_above_merchants", "roles[1]"),
        ("identity.role_unknown", "roles[2]"),
    ]


@pytest.mark.requirement("S-02")
async def test_staff_is_managed_by_those_who_may(db: Database) -> None:
    clerk = Actor(ActorKind.STAFF, 5, "clerk", SHOP, identity.ROLES["customer_service"])
    with pytest.raises(identity.PermissionMissing):
        await do(db, clerk, identity.save_staff, person())


@pytest.mark.requirement("S-08")
async def test_nobody_changes_their_own_roles(db: Database) -> None:
    owner = await do(db, SYSTEM, identity.save_staff, person(roles=("merchant",)))
    herself = Actor(ActorKind.STAFF, owner.id, owner.name, SHOP, identity.ROLES["merchant"])
    with pytest.raises(identity.OwnRoles):
        await do(db, herself, identity.save_staff, person(roles=("finance", "merchant")))
    renamed = await do(db, herself, identity.save_staff, person(name="林晚晚", roles=("merchant",)))
    assert renamed.name == "林晚晚"


@pytest.mark.requirement("S-01")
async def test_a_login_of_somebody_elses_staff_is_taken_and_stays_as_it_is(db: Database) -> None:
    await do(db, SYSTEM, identity.save_staff, person(merchant_id=OTHER))
    with pytest.raises(identity.LoginTaken):
        await do(db, OWNER, identity.save_staff, person(name="Mallory"))
    async with db.reading(SYSTEM) as tx:
        assert [row["name"] for row in await tx.fetch("SELECT name FROM staff")] == ["林晚"]


async def now_is(db: Database, staff_id: int) -> identity.Staff:
    async with db.reading(SYSTEM) as tx:
        return (await identity.staff_by_ids(tx, [staff_id]))[staff_id]


async def changed(db: Database, **changes: Any) -> identity.Staff:
    return await do(db, OWNER, identity.change_staff, identity.ChangeStaff(**changes))


@pytest.mark.requirement("S-04")
async def test_whoever_is_let_go_while_their_roles_change_stays_let_go(db: Database) -> None:
    one = await do(db, OWNER, identity.save_staff, person())
    now = await given.meeting(
        db,
        lambda tx: identity.change_staff(tx, identity.ChangeStaff(one.id, active=False)),
        lambda: changed(db, staff_id=one.id, name="林晚晚", roles=("risk",)),
    )
    assert (now.active, now.name, now.roles) == (False, "林晚晚", ("risk",))


@pytest.mark.requirement("S-04")
@pytest.mark.parametrize("active", [True, False])
async def test_a_role_that_is_taken_away_while_somebody_is_let_go_or_taken_back_stays_away(
    db: Database, active: bool
) -> None:
    one = await do(db, OWNER, identity.save_staff, person(roles=("reviewer", "logistics"), active=not active))
    now = await given.meeting(
        db,
        lambda tx: identity.change_staff(tx, identity.ChangeStaff(one.id, roles=("logistics",))),
        lambda: changed(db, staff_id=one.id, active=active),
    )
    assert (now.active, now.roles) == (active, ("logistics",))


@pytest.mark.requirement("S-04")
async def test_what_somebody_else_changed_of_a_person_is_not_overwritten_unseen(db: Database) -> None:
    one = await do(db, OWNER, identity.save_staff, person(roles=("reviewer", "logistics")))
    with pytest.raises(identity.StaffMoved):
        await given.meeting(
            db,
            lambda tx: identity.change_staff(tx, identity.ChangeStaff(one.id, roles=("reviewer",))),
            lambda: changed(db, staff_id=one.id, name="林晚晚", roles=one.roles, instead_of=one),
        )
    async with db.reading(SYSTEM) as tx:
        now = (await identity.staff_by_ids(tx, [one.id]))[one.id]
    assert now.roles == ("reviewer",)
    assert (await changed(db, staff_id=one.id, name="林晚晚", instead_of=now)).name == "林晚晚"


@pytest.mark.requirement("S-01")
async def test_a_change_of_somebody_is_judged_as_any_other(db: Database) -> None:
    theirs = await do(db, SYSTEM, identity.save_staff, person(merchant_id=OTHER))
    for staff_id, no in ((theirs.id, identity.OtherMerchant), (1, identity.StaffUnknown)):
        with pytest.raises(no):
            await changed(db, staff_id=staff_id, active=False)
    ours = await do(db, OWNER, identity.save_staff, person(login="wu"))
    with pytest.raises(identity.RolesConflict):
        await changed(db, staff_id=ours.id, roles=("finance", "reviewer"))
    before = await wires(db)
    assert await changed(db, staff_id=ours.id, name=ours.name, roles=ours.roles, active=True) == ours
    assert await wires(db) == before
