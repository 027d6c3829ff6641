"""Puts the API together: every resource, the guard, the answers to what goes wrong, the description."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from dingdan.plumbing.database import Database
from dingdan.plumbing.settings import Settings
from dingdan.surfaces.api import (
    abuse,
    addresses,
    archive,
    boxes,
    bulk,
    buyers,
    calendars,
    callbacks,
    carriers,
    case_kinds,
    cases,
    catchers,
    channel_orders,
    channel_stock,
    channels,
    checkouts,
    consents,
    coupons,
    credit,
    customs,
    deadlines,
    describing,
    disputes,
    events,
    evidence,
    exchanges,
    feedback,
    hand_payouts,
    imports,
    inspections,
    invoices,
    keys,
    ledger,
    looks,
    merchants,
    messages,
    methods,
    notes,
    notices,
    order_changes,
    order_splits,
    orders,
    papers,
    parcel_imports,
    parcels,
    paying,
    payments,
    policies,
    policy_pages,
    policy_trials,
    pools,
    products,
    promotions,
    quotes,
    reconciliation,
    refunds,
    remedies,
    reminders,
    repairs,
    returned_goods,
    returns,
    review_rules,
    reviews,
    sandbox,
    scorecards,
    settlements,
    staff,
    stock,
    stock_moves,
    stocktakes,
    strays,
    system,
    talks,
    tariffs,
    tracking,
    transfers,
    warehouses,
    way_back,
    webhooks,
    work,
    work_queue,
)
from dingdan.surfaces.shared import guards, intake, journal, news, problems
from dingdan.surfaces.shared.doors import Door, with_options
from dingdan.surfaces.shared.front import Front

DRAIN_SECONDS = 8.0

Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]

RESOURCES = (
    system,
    merchants,
    warehouses,
    channels,
    products,
    looks,
    stock,
    imports,
    orders,
    order_changes,
    order_splits,
    payments,
    callbacks,
    work,
    work_queue,
    boxes,
    papers,
    consents,
    parcel_imports,
    parcels,
    reviews,
    review_rules,
    returns,
    way_back,
    strays,
    inspections,
    repairs,
    returned_goods,
    talks,
    evidence,
    exchanges,
    refunds,
    hand_payouts,
    abuse,
    notes,
    notices,
    cases,
    remedies,
    case_kinds,
    disputes,
    events,
    ledger,
    policies,
    policy_trials,
    policy_pages,
    keys,
    staff,
    buyers,
    messages,
    carriers,
    scorecards,
    addresses,
    promotions,
    coupons,
    tariffs,
    paying,
    credit,
    methods,
    reconciliation,
    settlements,
    invoices,
    stock_moves,
    transfers,
    stocktakes,
    pools,
    channel_stock,
    channel_orders,
    quotes,
    bulk,
    checkouts,
    reminders,
    tracking,
    feedback,
    customs,
    archive,
    calendars,
    deadlines,
    webhooks,
)  # fmt: skip
# Doors that exist only where nothing is real.
SANDBOX_RESOURCES = (sandbox, catchers)


def create_app(db: Database, settings: Settings, *, lifespan: Sequence[Lifespan] = ()) -> Litestar:
    """The API on these pools. Raises UnguardedRoute when a route says nothing about who may enter."""
    app = Litestar(
        route_handlers=routes(settings),
        guards=[guards.guard],
        exception_handlers={Exception: problems.answer},
        # The intakes drain before whatever was opened for them is closed.
        lifespan=[*lifespan, _intakes],
        logging_config=None,
        openapi_config=None,
        request_max_body_size=settings.max_body_bytes,
    )
    furnish(app, db, settings)
    guards.demand_guards(app)
    app.state.description = msgspec.json.encode(describing.describe(doors(app)))
    app.asgi_handler = Front(app.asgi_handler)
    return app


def furnish(app: Litestar, db: Database, settings: Settings) -> None:
    """Give an application that does not run the pools and settings that it works with, in place of those it had.

    What its routes were made by stays as it was: the mode and the largest body.
    """
    app.state.update({
        "db": db, "settings": settings, "keyring": guards.Keyring(db), "news": news.News(db.url),
        "intake": intake.OrderIntake(db, orders.ANSWERING), "notices": callbacks.NoticeIntake(db), "journal": journal.Journal(db),
    })  # fmt: skip


@asynccontextmanager
async def _intakes(app: Litestar) -> AsyncIterator[None]:
    yield
    # Within the ten seconds that the process has after SIGTERM.
    await asyncio.gather(app.state.intake.drain(DRAIN_SECONDS), app.state.notices.drain(DRAIN_SECONDS))
    await app.state.journal.drain()
    await app.state.news.close()


def openapi() -> dict[str, Any]:
    """The description of the whole API, the sandbox's part too; needs no database."""
    settings = Settings(mode="sandbox")
    return describing.describe(doors(create_app(Database("", key=bytes(32)), settings)))


def routes(settings: Settings) -> list[HTTPRouteHandler]:
    """Every route of this mode."""
    resources = RESOURCES + (SANDBOX_RESOURCES if settings.mode == "sandbox" else ())
    found = [route for resource in resources for route in resource.ROUTES]
    return with_options(found)


def doors(app: Litestar) -> list[Door]:
    """Every door of an application, read from its routes."""
    return [
        handler.opt["door"]
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if "door" in handler.opt
    ]
