"""Signatures that any library of Standard Webhooks takes, a ladder of three days, and when an endpoint is given up."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dingdan.areas.webhooks.lifecycle import EndpointState
from dingdan.areas.webhooks.model import Delivery, Endpoint, Outcome, Result
from dingdan.areas.webhooks.rules import filters, ladder, signing

pytestmark = pytest.mark.requirement("issue 4: webhooks")

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ENDPOINT = Endpoint(
    id=1, merchant_id=1, url="https://a.example/", events=("*",), scopes=(), description="",
    state=EndpointState.ENABLED, position=0, failures=0, failing_since=None, disabled_reason=None, old_until=None,
    created_at=NOW,
)  # fmt: skip


def delivery(**how: Any) -> Delivery:
    """A delivery that waits."""
    plain: dict[str, Any] = {
        "id": 1, "endpoint_id": 1, "merchant_id": 1, "fact_id": 2, "position": 1, "wire": "order.paid", "about": 3,
        "attempts": 1, "tries": 1, "replays": 0, "next_at": NOW, "called_at": None, "created_at": NOW,
        "delivered_at": None, "failed_at": None, "failure": None,
    }  # fmt: skip
    return Delivery(**plain | how)


def outcome(result: Result, status: int | None = None, retry_after: int | None = None) -> Outcome:
    """A call that ended so."""
    return Outcome(delivery_id=1, number=1, result=result, status=status, retry_after=retry_after)


def test_the_signature_is_the_one_of_the_standard() -> None:
    """The example that its libraries are tested with."""
    made = signing.signature(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], message_id="msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )  # fmt: skip
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_two_secrets_make_two_signatures() -> None:
    one, other = signing.written(b"a" * 24), signing.written(b"b" * 24)
    both = signing.signature([one, other], message_id="m", timestamp=1, body=b"x")
    alone = [signing.signature([secret], message_id="m", timestamp=1, body=b"x") for secret in (one, other)]
    assert both.split() == alone
    assert alone[0] != alone[1]


def test_the_ladder_takes_three_days_and_does_not_bunch() -> None:
    for number in (1, 2, 77, 10**15):
        at, waits = NOW, []
        for attempt in range(1, ladder.ATTEMPTS):
            again = ladder.next_at(delivery(id=number, attempts=attempt), now=at)
            waits.append(again - at)
            at = again
        assert waits == sorted(waits)
        assert waits[0] < timedelta(seconds=6)
        assert timedelta(days=3) < at - NOW < timedelta(days=3.6)
    spread = {ladder.next_at(delivery(id=n, attempts=9), now=NOW) for n in range(1000)}
    assert len(spread) > 500


def test_the_last_attempt_is_the_last() -> None:
    assert not ladder.is_last(delivery(attempts=ladder.ATTEMPTS - 1))
    assert ladder.is_last(delivery(attempts=ladder.ATTEMPTS))
    assert ladder.is_last(delivery(fact_id=None, attempts=1)), "a test is sent once"


def test_who_answers_nobody_is_left_alone_ever_longer() -> None:
    rests = []
    endpoint = ENDPOINT
    for _ in range(12):
        found = ladder.health(endpoint, [outcome(Result.TIMED_OUT)], now=NOW)
        assert found.rest_until is not None
        rests.append(found.rest_until - NOW)
        endpoint = Endpoint(**_fields(endpoint) | {"failures": found.failures, "failing_since": found.failing_since})
    assert rests[0] == ladder.REST
    assert rests == sorted(rests)
    assert rests[-1] == ladder.LONGEST_REST


def test_an_answer_that_is_a_no_is_about_the_message_alone() -> None:
    found = ladder.health(ENDPOINT, [outcome(Result.REFUSED, 500), outcome(Result.SUCCEEDED, 200)], now=NOW)
    assert found == ladder.Health(0, None, None, None)
    alone = ladder.health(ENDPOINT, [outcome(Result.REFUSED, 500)], now=NOW)
    assert alone == ladder.Health(1, NOW, None, None)


def test_who_asks_for_rest_gets_it_within_reason() -> None:
    for asked, given_ in ((60, timedelta(seconds=60)), (10**6, ladder.LONGEST_ASKED), (None, ladder.REST)):
        found = ladder.health(ENDPOINT, [outcome(Result.REFUSED, 503, asked)], now=NOW)
        assert found.rest_until == NOW + given_


def test_an_endpoint_is_given_up_when_it_says_so_or_after_three_days() -> None:
    assert ladder.health(ENDPOINT, [outcome(Result.REFUSED, 410)], now=NOW).disable == "gone"
    failing = Endpoint(**_fields(ENDPOINT) | {"failures": 9, "failing_since": NOW})
    for days, reason in ((2.9, None), (3.0, "failing")):
        found = ladder.health(failing, [outcome(Result.TIMED_OUT)], now=NOW + timedelta(days=days))
        assert found.disable == reason
    # Three quiet days and one call are no three days of failures.
    quiet = Endpoint(**_fields(ENDPOINT) | {"failures": 1, "failing_since": NOW})
    assert ladder.health(quiet, [outcome(Result.TIMED_OUT)], now=NOW + timedelta(days=4)).disable is None
    again = ladder.health(failing, [outcome(Result.SUCCEEDED, 204)], now=NOW + timedelta(days=4))
    assert again == ladder.Health(0, None, None, None)


def test_filters_name_events_subjects_or_all() -> None:
    known = {"order.paid", "order.placed", "return.sent"}
    assert filters.unknown(["*", "order.*", "return.sent"], known) == []
    assert filters.unknown(["order", "orders.*", "", "*.*", "order.eaten"], known) == [0, 1, 2, 3, 4]


def _fields(one: Endpoint) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__struct_fields__}
