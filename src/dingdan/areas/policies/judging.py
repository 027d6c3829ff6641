"""Judge a line by its policy, the clock and the calendar that the policy names."""

from dingdan.areas.policies.model import LineFacts, PolicyDocument, Verdict
from dingdan.areas.policies.rules import judging
from dingdan.areas.policies.rules.lasting import Clock, zone_for
from dingdan.kernel.resting import rest_days_called


def clock_of(document: PolicyDocument, country: str) -> Clock:
    """By whose days a policy counts for a buyer in that country; `""` where nobody knows it."""
    return Clock(zone_for(document, country), rest_days_called(document.rest_days, country))


def judge(document: PolicyDocument, facts: LineFacts) -> Verdict:
    """What the policy says about one line; a preview asks the same. Raises ReasonUnknown."""
    return judging.judge(document, facts, clock_of(document, facts.country))
