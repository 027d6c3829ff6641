"""Every screen that the rail leads to, for whoever works there: no barrier, no sideways scroll, no error.

With DINGDAN_PICTURES naming a folder, a picture of each is left there (`make screenshots`).
"""

import os
from pathlib import Path

import pytest
from tests.browser.conftest import PHONE, Visit, Visitor

from dingdan.surfaces.console.rail import RAIL

pytestmark = [pytest.mark.requirement("issue 6: browser"), pytest.mark.timeout(300)]

PICTURES = os.environ.get("DINGDAN_PICTURES", "")
# Who works at each desk.
WORKERS = {
    "today": "cs", "orders": "cs", "review": "review", "fulfil": "wh", "exceptions": "cs", "archive": "lantern",
    "all_returns": "cs", "returns": "cs", "inspection": "qc", "unmatched": "wh", "exchanges": "cs", "disputes": "judge",
    "refunds": "fin", "reconciliation": "fin", "settlements": "fin", "invoices": "fin", "stock": "lantern", "channels": "lantern",
    "promotions": "lantern", "prices": "lantern", "analytics": "lantern",
    "carriers": "ops", "abuse": "risk", "policies": "lantern", "rules": "lantern",
    "developers": "dev", "audit": "audit", "people": "dev", "settings": "dev",
    "credit": "fin", "storefront": "lantern",
}  # fmt: skip
DESKS = {item.name: item.href for group in RAIL for item in group.items}


def test_every_desk_has_somebody_who_works_there() -> None:
    assert DESKS.keys() == WORKERS.keys()


@pytest.mark.parametrize("look", ["zh-light", "en-dark"])
@pytest.mark.parametrize("desk", sorted(DESKS))
def test_a_desk_keeps_nobody_out(visitor: Visitor, desk: str, look: str) -> None:
    tongue, theme = look.split("-")
    visit = visitor(WORKERS[desk], tongue=tongue, theme=theme)
    page = visit.go(DESKS[desk])
    page.wait_for_timeout(300)
    looked_at(visit, f"{desk}-{look}")
    # And the page of the first thing that it lists.
    first = page.locator("#rows tbody tr[data-href]")
    if first.count():
        visit.go(first.first.get_attribute("data-href") or "")
        looked_at(visit, f"{desk}-first-{look}")


def looked_at(visit: Visit, name: str) -> None:
    """Nothing keeps anybody out of what is open, and nothing went wrong on it."""
    if PICTURES:
        folder = Path(PICTURES)
        folder.mkdir(parents=True, exist_ok=True)
        visit.page.screenshot(path=folder / f"{name}.png")
    assert visit.barriers() == []
    assert not visit.is_too_wide()
    assert visit.wrong == []


@pytest.mark.parametrize("look", ["zh-light", "en-dark"])
def test_the_pages_of_developers_keep_nobody_out(visitor: Visitor, look: str) -> None:
    tongue, theme = look.split("-")
    looked_at_codes = visitor("dev", tongue=tongue, theme=theme)
    looked_at_codes.go("/sandbox/codes")
    looked_at(looked_at_codes, f"dev-codes-{look}")
    visit = visitor("lantern", tongue=tongue, theme=theme)
    for path in (
        "/developers",
        "/keys",
        "/requests",
        "/webhooks",
        "/deliveries",
        "/outbox",
        "/sandbox/bars",
        "/settings",
    ):
        visit.go(path)
        looked_at(visit, f"dev{path.replace('/', '-')}-{look}")
    page = visit.go("/outbox")
    page.locator("#rows tbody tr[data-href] a").first.click()
    page.wait_for_load_state()
    looked_at(visit, f"dev-outbox-first-{look}")


@pytest.mark.parametrize("desk", ["today", "orders", "returns", "refunds"])
def test_a_desk_fits_a_phone(visitor: Visitor, desk: str) -> None:
    visit = visitor(WORKERS[desk], screen=PHONE)
    visit.go(DESKS[desk])
    assert not visit.is_too_wide()
    assert visit.barriers() == []


@pytest.mark.parametrize("look", ["zh-dark", "en-light"])
def test_the_door_keeps_nobody_out(visitor: Visitor, look: str) -> None:
    tongue, theme = look.split("-")
    visit = visitor(tongue=tongue, theme=theme)
    visit.go("/sign-in")
    assert visit.barriers() == []
    assert visit.wrong == []
