"""Puts the console together: every desk, the guard, and what a no looks like."""

from litestar import Litestar

from dingdan.plumbing.database import Database
from dingdan.plumbing.settings import Settings
from dingdan.surfaces.console import (
    analytics_desk,
    audit_desk,
    developer_desk,
    order_desk,
    people_desk,
    sandbox_desk,
    shell,
    sign_in,
    style_desk,
    today,
    tour,
    webhook_desk,
)
from dingdan.surfaces.console.rail import RAIL
from dingdan.surfaces.shared import news
from dingdan.surfaces.shared.front import Front
from dingdan.surfaces.shared.pages import building, files, who

DESKS = (
    sign_in,
    shell,
    tour,
    order_desk,
    today,
    analytics_desk,
    audit_desk,
    people_desk,
    developer_desk,
    webhook_desk,
    sandbox_desk,
    style_desk,
)


def create_app(db: Database, settings: Settings, heard: news.News) -> Litestar:
    """The console on these pools. Raises UnguardedRoute when a page says nothing about who may see it."""
    routes = [route for desk in DESKS for route in desk.ROUTES] + files.routes()
    app = building.build("console", routes, who.staff_guard, rail=RAIL)
    building.furnish(app, db, settings, heard)
    app.asgi_handler = Front(app.asgi_handler)
    return app
