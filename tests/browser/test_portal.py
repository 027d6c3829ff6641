"""The buyer's pages on a phone: every page that an order leads to keeps nobody out, in both languages and themes."""

import pytest
from tests.browser.conftest import PHONE, House, Visitor
from tests.browser.test_screens import looked_at

pytestmark = [pytest.mark.requirement("issue 6: browser"), pytest.mark.timeout(300)]

MOST = 12


@pytest.fixture(scope="module")
def orders(links: dict[str, str], house: House) -> list[str]:
    """The paths by which some buyers of the demo come to their orders."""
    return [link.removeprefix(house.url) for link in links.values() if "/my/" in link]


@pytest.mark.parametrize("look", ["zh-light", "en-dark"])
def test_every_page_of_an_order_fits_a_phone_and_keeps_nobody_out(
    visitor: Visitor, orders: list[str], look: str
) -> None:
    tongue, theme = look.split("-")
    assert orders
    for n, link in enumerate(orders):
        visit = visitor(tongue=tongue, theme=theme, screen=PHONE)
        page = visit.go(link)
        assert "/in/" not in page.url, "the secret does not stay in the address"
        home = page.url.removeprefix(visit.house.url)
        todo, seen = [home], set[str]()
        while todo and len(seen) < MOST:
            path = todo.pop(0)
            if path in seen:
                continue
            seen.add(path)
            visit.go(path)
            # A picture by itself is no page.
            if page.evaluate("document.contentType") != "text/html":
                continue
            looked_at(visit, f"portal-{n}-{len(seen)}-{look}")
            found = page.eval_on_selector_all("main a[href]", "all => all.map(one => one.getAttribute('href'))")
            todo += [one for one in found if one.startswith(home + "/") and "#" not in one]
        assert len(seen) > 1


@pytest.mark.parametrize("path", ["/my", "/check"])
def test_what_anybody_may_open_keeps_nobody_out(visitor: Visitor, path: str) -> None:
    visit = visitor(screen=PHONE)
    visit.go(path)
    looked_at(visit, f"portal-{path.strip('/')}")


def test_pages_work_without_scripts(visitor: Visitor, orders: list[str]) -> None:
    visit = visitor(tongue="en", screen=PHONE, scripts=False)
    page = visit.page
    page.goto(visit.house.url + orders[0])
    assert page.locator("h1").count()
    assert "/in/" not in page.url
