"""What may be done with a parcel that nobody announced, by the words of the API."""

from dingdan.areas.way_back.lifecycle import STRAY
from dingdan.areas.way_back.model import Stray


def actions(held: Stray) -> list[str]:
    """Every verb that would not be refused because of where the parcel stands."""
    return [verb for verb, step in STRAY.moves.items() if held.state in step.sources]
