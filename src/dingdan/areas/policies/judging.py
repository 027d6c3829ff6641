"""Judge a line by its policy and the calendar that the policy names."""

from dingdan.areas.policies.model import LineFacts, PolicyDocument, Verdict
from dingdan.areas.policies.rules import judging
from dingdan.kernel.resting import CALENDARS


def judge(document: PolicyDocument, facts: LineFacts) -> Verdict:
    """What the policy says about one line; a preview asks the same. Raises ReasonUnknown."""
    return judging.judge(document, facts, is_rest_day=CALENDARS[document.rest_days])
