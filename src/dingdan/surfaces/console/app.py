"""Puts the console together: every desk, the guard, and what a no looks like."""

from litestar import Litestar

from dingdan.plumbing.database import Database
from dingdan.plumbing.settings import Settings
from dingdan.surfaces.console import (
    agreement_desk,
    invoice_desk,
    order_desk,
    payout_desk,
    policies_desk,
    policy_editor,
    policy_trials,
    promotion_desk,
    reconciliation_desk,
    refund_acts,
    refund_desk,
    settlement_desk,
    shell,
    sign_in,
)
from dingdan.surfaces.console.rail import RAIL
from dingdan.surfaces.shared import news
from dingdan.surfaces.shared.front import Front
from dingdan.surfaces.shared.pages import building, files, who

DESKS = (
    sign_in, shell, order_desk, refund_desk, refund_acts, reconciliation_desk, settlement_desk, agreement_desk, payout_desk,
    invoice_desk, policies_desk, policy_editor, policy_trials, promotion_desk,
)  # fmt: skip


def create_app(db: Database, settings: Settings, heard: news.News) -> Litestar:
    """The console on these pools. Raises UnguardedRoute when a page says nothing about who may see it."""
    routes = [route for desk in DESKS for route in desk.ROUTES] + files.routes()
    app = building.build("console", routes, who.staff_guard, rail=RAIL)
    building.furnish(app, db, settings, heard)
    app.asgi_handler = Front(app.asgi_handler)
    return app
