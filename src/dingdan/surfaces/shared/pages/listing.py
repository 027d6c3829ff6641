"""Lists from rows of overviews: one row more than a slice says that the list goes on."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from dingdan.kernel.page import DEFAULT_LIMIT, Page, decode_cursor, encode_cursor
from dingdan.surfaces.shared.pages.doors import ListQuery
from dingdan.surfaces.shared.pages.screens import Listing, Row
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import HasId

R = TypeVar("R", bound=HasId)


def slice_of(query: ListQuery) -> Page:
    """The slice that a list asks for. Raises Malformed for a cursor that is not ours."""
    if query.after is None:
        return Page(DEFAULT_LIMIT)
    after = decode_cursor(query.after)
    if after is None:
        raise Malformed("query.after", what="not a cursor that a list gave out", what_zh="不是列表给出的游标")
    return Page(DEFAULT_LIMIT, after)


def listing(found: Sequence[R], row: Callable[[R], Row], **what: Any) -> Listing:
    """A list of what an overview found, which may be one too many."""
    shown = found[:DEFAULT_LIMIT]
    following = encode_cursor(shown[-1].id) if len(found) > DEFAULT_LIMIT else None
    return Listing(rows=[row(one) for one in shown], next=following, **what)


def one_more(query: ListQuery) -> Page:
    """The slice with one row more, for reads that give exactly as many as they are asked for."""
    asked = slice_of(query)
    return Page(asked.limit + 1, asked.after)
