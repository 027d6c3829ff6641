"""Puts the console together: every desk, the guard, and what a no looks like."""

from litestar import Litestar

from dingdan.plumbing.database import Database
from dingdan.plumbing.settings import Settings
from dingdan.surfaces.console import (
    shell,
    sign_in,
    today,
    tour,
)
from dingdan.surfaces.console.house import (
    channel_desk,
    inspect_station,
    inspection_desk,
    pack_station,
    paper_desk,
    pick_station,
    stock_desk,
    stock_moves,
    upload_desk,
    work_desk,
)
from dingdan.surfaces.console.money import (
    agreement_desk,
    credit_desk,
    invoice_desk,
    payout_desk,
    reconciliation_desk,
    refund_acts,
    refund_desk,
    seller_desk,
    settlement_desk,
)
from dingdan.surfaces.console.orders import (
    archive_desk,
    case_acts,
    case_desk,
    case_sheet,
    order_acts,
    order_customs,
    order_desk,
    order_notes,
    order_sheet,
    order_together,
    parcel_desk,
    review_acts,
    review_desk,
    review_sheet,
)
from dingdan.surfaces.console.platform import (
    abuse_desk,
    analytics_desk,
    audit_desk,
    carrier_desk,
    carrier_form,
    catcher_desk,
    codes_desk,
    delivery_desk,
    developer_desk,
    look_desk,
    outbox_desk,
    people_desk,
    request_desk,
    sandbox_desk,
    settings_desk,
    style_desk,
    webhook_desk,
)
from dingdan.surfaces.console.rail import RAIL
from dingdan.surfaces.console.returns import (
    dispute_acts,
    dispute_desk,
    evidence_desk,
    exchange_desk,
    goods_desk,
    repair_desk,
    return_acts,
    return_desk,
    return_sheet,
    return_start,
    stray_desk,
    way_back_acts,
)
from dingdan.surfaces.console.terms import (
    coupon_desk,
    policies_desk,
    policy_editor,
    policy_trials,
    promotion_desk,
    rule_acts,
    rule_desk,
)
from dingdan.surfaces.shared import news
from dingdan.surfaces.shared.front import Front
from dingdan.surfaces.shared.pages import building, files, who

DESKS = (
    sign_in,
    shell,
    tour,
    order_acts,
    order_customs,
    order_desk,
    order_notes,
    order_sheet,
    order_together,
    today,
    analytics_desk,
    audit_desk,
    people_desk,
    developer_desk,
    look_desk,
    webhook_desk,
    sandbox_desk,
    style_desk,
    return_desk,
    return_sheet,
    return_acts,
    return_start,
    evidence_desk,
    dispute_desk,
    dispute_acts,
    review_desk,
    review_sheet,
    review_acts,
    case_desk,
    case_sheet,
    case_acts,
    parcel_desk,
    carrier_desk,
    carrier_form,
    abuse_desk,
    archive_desk,
    rule_desk,
    rule_acts,
    work_desk,
    pick_station,
    pack_station,
    paper_desk,
    inspection_desk,
    inspect_station,
    stray_desk,
    way_back_acts,
    exchange_desk,
    repair_desk,
    goods_desk,
    stock_desk,
    stock_moves,
    channel_desk,
    upload_desk,
    refund_desk,
    refund_acts,
    reconciliation_desk,
    settlement_desk,
    agreement_desk,
    credit_desk,
    payout_desk,
    invoice_desk,
    seller_desk,
    policies_desk,
    policy_editor,
    policy_trials,
    promotion_desk,
    coupon_desk,
    request_desk,
    delivery_desk,
    catcher_desk,
    codes_desk,
    outbox_desk,
    settings_desk,
)


def create_app(db: Database, settings: Settings, heard: news.News) -> Litestar:
    """The console on these pools. Raises UnguardedRoute when a page says nothing about who may see it."""
    routes = [route for desk in DESKS for route in desk.ROUTES] + files.routes()
    app = building.build("console", routes, who.staff_guard, rail=RAIL)
    building.furnish(app, db, settings, heard)
    app.asgi_handler = Front(app.asgi_handler)
    return app
