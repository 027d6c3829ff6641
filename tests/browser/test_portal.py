"""The buyer's pages on a phone: every page that an order leads to keeps nobody out, in both languages and themes."""

import pytest
from tests.browser.conftest import PHONE, House, Visitor, apart
from tests.browser.test_screens import looked_at
from tests.conftest import MASTER_KEY

from dingdan.cli.demo import buyers
from dingdan.plumbing.database import Database

pytestmark = [pytest.mark.requirement("issue 6: browser"), pytest.mark.timeout(300)]

MOST = 12


@pytest.fixture(scope="module")
def links(house: House) -> list[str]:
    """The links of some buyers of the demo."""
    found: list[str] = []

    async def ask() -> None:
        db = await Database(house.database_url, key=MASTER_KEY, sandbox=True).open()
        try:
            found.extend((await buyers.links(db)).values())
        finally:
            await db.close()

    apart(ask())
    return found


@pytest.mark.parametrize("look", ["zh-light", "en-dark"])
def test_every_page_of_an_order_fits_a_phone_and_keeps_nobody_out(
    visitor: Visitor, links: list[str], look: str
) -> None:
    tongue, theme = look.split("-")
    assert links
    for n, link in enumerate(links):
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


def test_pages_work_without_scripts(visitor: Visitor, links: list[str]) -> None:
    visit = visitor(tongue="en", screen=PHONE, scripts=False)
    page = visit.page
    page.goto(visit.house.url + links[0])
    assert page.locator("h1").count()
    assert "/in/" not in page.url
