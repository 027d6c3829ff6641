"""The buyer's pages on a phone: every page that an order leads to keeps nobody out, in both languages and themes."""

import pytest
from tests.browser.conftest import PHONE, House, Visitor, apart
from tests.browser.test_screens import looked_at
from tests.conftest import MASTER_KEY

from dingdan.areas import orders
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = [pytest.mark.requirement("issue 6: browser"), pytest.mark.timeout(300)]

MOST = 12


@pytest.fixture(scope="module")
def paths(links: dict[str, str], house: House) -> list[str]:
    """The paths by which some buyers of the demo come to their orders."""
    return [link.removeprefix(house.url) for link in links.values() if "/my/" in link]


@pytest.mark.parametrize("look", ["zh-light", "en-dark"])
def test_every_page_of_an_order_fits_a_phone_and_keeps_nobody_out(
    visitor: Visitor, paths: list[str], look: str
) -> None:
    tongue, theme = look.split("-")
    assert paths
    for n, link in enumerate(paths):
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
            # A picture by itself is no page; the browser's own frame around it is what its strict policy keeps out.
            if page.evaluate("document.contentType") != "text/html":
                visit.wrong.clear()
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


def test_pages_work_without_scripts(visitor: Visitor, paths: list[str]) -> None:
    visit = visitor(tongue="en", screen=PHONE, scripts=False)
    page = visit.page
    page.goto(visit.house.url + paths[0])
    assert page.locator("h1").count()
    assert "/in/" not in page.url


def test_an_exchange_and_the_way_back_are_a_dozen_taps_without_scripts(visitor: Visitor, paths: list[str]) -> None:
    visit = visitor(tongue="en", screen=PHONE, scripts=False)
    page = visit.page
    page.goto(visit.house.url + paths[2])
    page.get_by_role("link", name="Send something back").click()
    amount = page.locator("select[name=u], input[name=u]").first
    if amount.evaluate("one => one.tagName") == "SELECT":
        amount.select_option(index=1)
    else:
        amount.check()
    page.get_by_role("button", name="Continue").click()
    page.locator("input[name=reason]").first.check()
    page.get_by_role("button", name="Continue").click()
    page.locator(".p-options a", has_text="Exchange").click()
    # Looking for something leaves what was chosen before as it was.
    page.get_by_label("Look for something else of this shop").fill("nothing of this name")
    page.get_by_role("button", name="Look").click()
    page.locator(".p-goods a").first.click()
    assert page.get_by_text("Step 5 of 5").count()
    page.go_back()
    assert page.get_by_text("Step 4 of 5").count()
    page.locator(".p-goods a").first.click()
    page.get_by_role("button", name="Send the application").click()
    assert page.get_by_text("What you get instead").count()
    page.locator("summary", has_text="Hand it in at a counter").click()
    page.locator("details[open] button").click()
    assert page.locator(".o-square").is_visible()
    assert page.locator(".o-code128").is_visible()
    page.get_by_role("link", name="Slip for the parcel").click()
    page.emulate_media(media="print")
    assert page.locator(".p-slip .o-square").is_visible()
    assert not page.locator(".p-top").is_visible()
    assert not page.locator(".p-noprint").first.is_visible()


def test_news_come_by_themselves_and_move_nothing(visitor: Visitor, paths: list[str], house: House) -> None:
    visit = visitor(tongue="en", screen=PHONE)
    page = visit.go(paths[0])
    page.evaluate(
        "window.moved = 0; new PerformanceObserver(list => { for (const one of list.getEntries())"
        " if (!one.hadRecentInput) window.moved += one.value }).observe({type: 'layout-shift'})"
    )
    page.wait_for_timeout(1000)

    async def cancel() -> None:
        db = await Database(house.database_url, key=MASTER_KEY, sandbox=True).open()
        try:
            number = ids.decode("order", page_id)
            assert number is not None
            await do(db, SYSTEM, orders.cancel, number, reason="buyer_request")
        finally:
            await db.close()

    page_id = page.url.rpartition("/")[2]
    apart(cancel())
    page.wait_for_selector(".p-news button", timeout=20_000)
    assert page.evaluate("window.moved") < 0.01
    page.locator(".p-news button").click()
    page.wait_for_selector("text=It is cancelled.")
    assert visit.wrong == []
