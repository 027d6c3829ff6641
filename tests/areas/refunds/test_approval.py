"""Who signs: the system where no judgment was needed, else people, and never the one who asked."""

import pytest

from dingdan.areas.refunds import Cause, NeedsPerson, SameHand
from dingdan.areas.refunds.rules.approval import Hand, is_automatic, signatures_missing

LIMIT = 500_00
SYSTEM, ANN, BEN, EVE = Hand("system", None), Hand("staff", 1), Hand("staff", 2), Hand("staff", 3)


@pytest.mark.parametrize(
    ("amount", "cause", "is_policy_decided", "expected"),
    [
        (LIMIT, Cause.RETURN, True, True),
        (LIMIT + 1, Cause.RETURN, True, False),
        (1, Cause.RETURN, False, False),
        (LIMIT, Cause.CANCELLATION, True, True),
        (LIMIT + 1, Cause.CANCELLATION, True, False),
        (LIMIT * 100, Cause.EXCESS, False, True),
    ],
)
def test_the_system_signs_what_the_policy_decided_up_to_the_limit(
    amount: int, cause: Cause, is_policy_decided: bool, expected: bool
) -> None:
    assert is_automatic(amount, cause=cause, is_policy_decided=is_policy_decided, limit=LIMIT) is expected


def missing(amount: int, *, requester: Hand, signed: tuple[Hand, ...] = (), by: Hand) -> int:
    return signatures_missing(amount, requester=requester, signed=signed, by=by, limit=LIMIT)


def test_up_to_the_limit_one_other_person_signs() -> None:
    assert missing(LIMIT, requester=ANN, by=BEN) == 0
    assert missing(LIMIT, requester=SYSTEM, by=BEN) == 0


def test_above_the_limit_four_eyes_look() -> None:
    assert missing(LIMIT + 1, requester=ANN, by=BEN) == 0
    assert missing(LIMIT + 1, requester=SYSTEM, by=BEN) == 1
    assert missing(LIMIT + 1, requester=SYSTEM, signed=(BEN,), by=EVE) == 0


def test_nobody_signs_what_they_asked_for_or_signed_already() -> None:
    with pytest.raises(SameHand):
        missing(1, requester=ANN, by=ANN)
    with pytest.raises(SameHand):
        missing(LIMIT + 1, requester=SYSTEM, signed=(BEN,), by=BEN)


def test_a_key_and_a_person_of_the_same_number_are_two_hands() -> None:
    assert missing(1, requester=ANN, by=Hand("key", 1)) == 0


@pytest.mark.parametrize("by", [SYSTEM, Hand("buyer", 4), Hand("staff", None)])
def test_only_people_sign(by: Hand) -> None:
    with pytest.raises(NeedsPerson):
        missing(1, requester=ANN, by=by)
