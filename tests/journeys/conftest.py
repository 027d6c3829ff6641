"""The doors of the API, for journeys that need no server of their own."""

from tests.surfaces.conftest import app, http, merchant, platform, shop

__all__ = ["app", "http", "merchant", "platform", "shop"]
