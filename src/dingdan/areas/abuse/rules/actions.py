"""What can be done about a flag as it stands: by staff, and by the buyer."""

from datetime import datetime

from dingdan.areas.abuse.lifecycle import ABUSE_FLAG, LIVING, FlagState
from dingdan.areas.abuse.model import Flag


def actions(flag: Flag, now: datetime) -> list[str]:
    """Every verb of staff that would not be refused because of where the flag stands."""
    if flag.state not in LIVING or flag.expires_at <= now:
        return []
    found = [verb for verb in ("confirm", "lift") if flag.state in ABUSE_FLAG.moves[verb].sources]
    return found + (["hand_over"] if flag.state is FlagState.CONFIRMED else [])


def asks(flag: Flag, now: datetime) -> list[str]:
    """What the buyer can ask for: a person's look once, and an appeal once."""
    if flag.expires_at <= now:
        return []
    found = ["ask_review"] if flag.state in ABUSE_FLAG.moves["ask"].sources and flag.asked_at is None else []
    return found + (["appeal"] if flag.state is FlagState.CONFIRMED and flag.appealed_at is None else [])
