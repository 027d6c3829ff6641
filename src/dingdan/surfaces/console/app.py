"""Puts the console together: every desk, the guard, and what a no looks like."""

from litestar import Litestar

from dingdan.plumbing.database import Database
from dingdan.plumbing.settings import Settings
from dingdan.surfaces.console import (
    channel_desk,
    exchange_desk,
    goods_desk,
    inspect_station,
    inspection_desk,
    order_desk,
    pack_station,
    paper_desk,
    pick_station,
    repair_desk,
    shell,
    sign_in,
    stock_desk,
    stock_moves,
    stray_desk,
    upload_desk,
    work_desk,
)
from dingdan.surfaces.console.rail import RAIL
from dingdan.surfaces.shared import news
from dingdan.surfaces.shared.front import Front
from dingdan.surfaces.shared.pages import building, files, who

DESKS = (
    sign_in, shell, order_desk, work_desk, pick_station, pack_station, paper_desk, inspection_desk, inspect_station, stray_desk,
    exchange_desk, repair_desk, goods_desk, stock_desk, stock_moves, channel_desk, upload_desk,
)  # fmt: skip


def create_app(db: Database, settings: Settings, heard: news.News) -> Litestar:
    """The console on these pools. Raises UnguardedRoute when a page says nothing about who may see it."""
    routes = [route for desk in DESKS for route in desk.ROUTES] + files.routes()
    app = building.build("console", routes, who.staff_guard, rail=RAIL)
    building.furnish(app, db, settings, heard)
    app.asgi_handler = Front(app.asgi_handler)
    return app
