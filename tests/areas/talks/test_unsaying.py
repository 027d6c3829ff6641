"""What the staff writes about a return waits a moment: taken back in time the buyer never sees it, else they are told once."""

from tests.areas.talks.conftest import *  # noqa: F403
