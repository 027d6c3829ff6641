"""Puts the portal together: every page of an order for its buyer, the guard, and what a no looks like."""

from litestar import Litestar

from dingdan.plumbing.database import Database
from dingdan.plumbing.settings import Settings
from dingdan.surfaces.portal import (
    asking_back,
    checking,
    coming_in,
    contract,
    dispute_page,
    instead,
    listening,
    looking,
    order_acts,
    order_page,
    policy_page,
    return_acts,
    return_page,
    seeing,
    sending,
    talking,
    tracking_page,
    trouble,
)
from dingdan.surfaces.shared import news
from dingdan.surfaces.shared.front import Front
from dingdan.surfaces.shared.pages import building, files, who

PAGES = (
    coming_in, order_page, order_acts, tracking_page, asking_back, return_page, return_acts, sending, instead, talking, trouble, dispute_page,
    contract, policy_page, checking, seeing, looking, listening,
)  # fmt: skip


def create_app(db: Database, settings: Settings, heard: news.News) -> Litestar:
    """The portal on these pools. Raises UnguardedRoute when a page says nothing about who may see it."""
    routes = [route for page in PAGES for route in page.ROUTES] + files.routes()
    app = building.build("portal", routes, who.guest_guard)
    building.furnish(app, db, settings, heard)
    app.asgi_handler = Front(app.asgi_handler)
    return app
