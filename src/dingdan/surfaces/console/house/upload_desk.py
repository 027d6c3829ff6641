"""Tracking numbers of many orders from a file: checked first, then taken in, with an answer for each row."""

from litestar import Response

from dingdan.kernel.refusal import Refusal, Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.shared import scope, tracking_rows, tracking_upload
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import forms
from dingdan.surfaces.shared.pages.doors import itself, screen, shown
from dingdan.surfaces.shared.pages.screens import Own
from dingdan.surfaces.shared.problems import Malformed


@screen("/parcels/upload", permission="parcel.upload")
async def upload(tx: Tx) -> Own:
    """Where a file of tracking numbers is chosen."""
    return Own(title=Text("Upload tracking numbers", "批量上传单号"), template="upload.html", data={
        "owners": await choosing.merchants_to_choose(tx), "told": None, "is_dry_run": True,
    })  # fmt: skip


@itself("POST", "/parcels/upload", permission="parcel.upload", takes_files=True)
async def take_in(ask: Ask) -> Response[str]:
    """Check a file of tracking numbers, or take it in; every row has its own answer."""
    sent = await forms.read(ask.request)
    if len(sent.files) != 1:
        raise Malformed("files", what="choose one CSV file", what_zh="请选择一个 CSV 文件")
    given, told = tracking_rows.read(sent.files[0].content), []
    async with ask.db.reading(ask.actor) as tx:
        merchant_id = await scope.merchant_id_meant(tx, (sent.words.get("merchant") or [""])[0] or None)
        owners, now = await choosing.merchants_to_choose(tx), tx.now
    is_dry_run = "do" not in sent.words
    outcomes = await tracking_upload.take_in(ask.db, ask.actor, merchant_id, given, is_dry_run=is_dry_run)
    for row, outcome in zip(given, outcomes, strict=True):
        problem = outcome.problems[0] if isinstance(outcome, Refusal) else None
        told.append(
            (
                row.line,
                row.cells.get("order", ""),
                row.cells.get("tracking_number", ""),
                outcome if problem is None else "refused",
                problem,
            )
        )
    return shown(ask.request, Own(title=Text("Upload tracking numbers", "批量上传单号"), template="upload.html", data={
        "owners": owners, "told": told, "is_dry_run": is_dry_run,
    }), now)  # fmt: skip


ROUTES = [upload, take_in]
