"""What may be done with a review as it stands, by the words of the API."""

from dingdan.areas.review.lifecycle import REVIEW, UNDECIDED, ReviewState
from dingdan.areas.review.model import Review
from dingdan.kernel.actor import Actor


def actions(review: Review, actor: Actor) -> list[str]:
    """Every verb that would not be refused because of where the review stands or who has it."""
    if review.state not in UNDECIDED:
        return []
    verbs = REVIEW.verbs(review.state)
    is_mine = review.state is ReviewState.CLAIMED and review.claimed_by == actor.id
    found = ["claim"] if "claim" in verbs else []
    if is_mine:
        found += ["approve"] if review.blocked_at is None else []
        found += ["reject", "put_back"]
        found += ["ask"] if review.asked_at is None else []
    found += [verb for verb in ("answer", "escalate") if verb in verbs]
    found.append("block" if review.blocked_at is None else "unblock")
    return found
