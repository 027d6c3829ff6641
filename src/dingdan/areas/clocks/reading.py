"""What others may ask about calendars and extensions."""

from collections.abc import Collection

from dingdan.areas.clocks import store
from dingdan.areas.clocks.model import Extension, SavedCalendar
from dingdan.areas.clocks.refusals import ExtensionUnknown
from dingdan.kernel.page import Page
from dingdan.plumbing.tx import Tx

MOST_VERSIONS = 100


async def calendar_versions(tx: Tx, merchant_id: int | None) -> list[SavedCalendar]:
    """A merchant's calendar (None: the platform's), the version that holds first; empty where it has none."""
    return await store.versions(tx, merchant_id, MOST_VERSIONS)


async def get_extension(tx: Tx, extension_id: int) -> Extension:
    """One extension. Raises ExtensionUnknown; somebody else's is as unknown as none."""
    found = await store.get(tx, extension_id)
    if found is None or not (found.merchant_id is None or tx.actor.reaches(found.merchant_id)):
        raise ExtensionUnknown
    return found


async def list_extensions(tx: Tx, merchant_id: int | None, page: Page) -> list[Extension]:
    """Extensions, newest first."""
    return await store.listed(tx, merchant_id, page.after, page.limit)


async def extended_kinds(tx: Tx, extension_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """How many deadlines of each kind extensions have moved so far."""
    return await store.kinds_of_all(tx, extension_ids)
