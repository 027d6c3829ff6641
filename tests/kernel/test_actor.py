"""Who acts, what they may do, and whose rows exist for them."""

from dingdan.kernel.actor import SYSTEM, Actor, ActorKind


def test_a_permission_is_held_or_not() -> None:
    clerk = Actor(ActorKind.STAFF, id=1, merchant_id=5, permissions=frozenset({"orders.read"}))

    assert clerk.may("orders.read")
    assert not clerk.may("refunds.approve")


def test_the_system_may_everything_everywhere() -> None:
    assert SYSTEM.may("refunds.approve")
    assert SYSTEM.reaches(5)


def test_somebody_of_one_merchant_reaches_no_other() -> None:
    key = Actor(ActorKind.KEY, id=1, merchant_id=5)

    assert key.reaches(5)
    assert not key.reaches(6)
