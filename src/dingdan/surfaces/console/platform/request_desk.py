"""The request log: what keys called last, how it ended, and why calls were refused."""

from typing import Annotated, Literal

from msgspec import Meta

from dingdan.kernel import ids
from dingdan.kernel.refusal import Text
from dingdan.overviews import request_list
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.doors import ListQuery, screen
from dingdan.surfaces.shared.pages.listing import listing, slice_of
from dingdan.surfaces.shared.pages.screens import Chip, Code, Column, Empty, Filter, Link, Listing, Row, Turn, View
from dingdan.surfaces.shared.problems import Malformed

ENDS: dict[str | None, tuple[int | None, int | None]] = {
    None: (None, None), "done": (None, 400), "refused": (400, 500), "failed": (500, None),
}  # fmt: skip
COLUMNS = [
    Column("at", Text("When", "时间")), Column("call", Text("Call", "请求")), Column("status", Text("Status", "状态码")),
    Column("why", Text("Refused with", "拒绝代码")), Column("took", Text("ms", "毫秒"), is_number=True),
    Column("key", Text("Key", "密钥")), Column("request", Text("Request id", "请求编号")),
]  # fmt: skip


class CallQuery(ListQuery, frozen=True, kw_only=True):
    """Which calls."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None
    key: Annotated[str, Meta(max_length=20)] | None = None
    ended: Literal["done", "refused", "failed"] | None = None
    code: Annotated[str, Meta(max_length=100)] | None = None
    route: Annotated[str, Meta(max_length=200)] | None = None
    request: Annotated[str, Meta(max_length=128)] | None = None


@screen("/requests", permission="key.read")
async def show(tx: Tx, query: CallQuery) -> Listing:
    """Calls within reach, newest first; above them why calls were refused, most often first."""
    first, below = ENDS[query.ended]
    wanted = request_list.Filter(
        merchant_id=await scope.merchant_filter(tx, query.merchant), status_from=first, status_below=below,
        key_id=_key(query.key), code=query.code, route=query.route, request_id=query.request,
    )  # fmt: skip
    found = await request_list.page(tx, wanted, slice_of(query))
    causes = await request_list.causes(tx, wanted) if query.after is None and query.ended != "done" else []
    choice = await choosing.merchants_to_choose(tx)
    return listing(
        found, row, title=Text("Request log", "请求日志"), columns=COLUMNS,
        lead=Text("14 days; no bodies, and nothing about people", "保留 14 天；不含正文和个人信息"),
        views=[
            View(Text("All", "全部")), View(Text("Done", "成功"), {"ended": "done"}), View(Text("Refused", "被拒绝"), {"ended": "refused"}),
            View(Text("Failed", "出错"), {"ended": "failed"}),
            *(View(Text(f"{code} ({n})", f"{code}（{n}）"), {"code": code}) for code, n in causes),
        ],
        filters=[
            Filter("request", Text("Request id", "请求编号")), Filter("key", Text("Key", "密钥编号")), Filter("code", Text("Code", "拒绝代码")),
            Filter("route", Text("Route (/v1/orders)", "路径")),
            *([Filter("merchant", Text("Merchant", "商家"), choice)] if choice else []),
        ],
        empty=Empty(
            Text("No key called anything yet.", "还没有请求。"),
            Text("Calls stand here some seconds after they were answered.", "请求在应答后数秒内出现。"),
            Link("/developers", Text("Make the first call", "发出首个请求")),
        ),
    )  # fmt: skip


def row(one: request_list.Line) -> Row:
    """A call as lists show it; a code leads to what it means."""
    turn: Turn = "done" if one.status < 400 else "us" if one.status < 500 else "blocked"
    return Row(naming.ref("fact", one.id), None, {
        "at": one.at, "call": Code(f"{one.method} {one.route}"), "status": Chip(Text(str(one.status), str(one.status)), turn),
        "why": [Link(f"/problems/{code}", code, is_code=True) for code in one.codes] or None, "took": one.took_ms,
        "key": Link(naming.place("key", one.key_id), one.key_name),
        "request": Link(f"/requests?request={one.request_id}", one.request_id, is_code=True),
    })  # fmt: skip


def _key(text: str | None) -> int | None:
    number = ids.decode("key", text.strip()) if text else None
    if text and number is None:
        raise Malformed("query.key", what="not the id of a key", what_zh="不是密钥编号")
    return number


ROUTES = [show]
