"""Pages that are told what happens ask once more where they were not told for a while."""

import pytest
from playwright.sync_api import Page
from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.requirement("issue 6: browser"), pytest.mark.timeout(180)]

KEPT = """const Real = EventSource; window.streams = [];
window.EventSource = class extends Real { constructor(...said) { super(...said); window.streams.push(this); } };"""


def opened(page: Page) -> None:
    """Wait until the page's stream has begun."""
    for _ in range(100):
        if page.evaluate("window.streams.some(one => one.readyState === 1)"):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the page listens to nothing")


def test_a_list_is_asked_anew_when_its_stream_begins_again(visitor: Visitor) -> None:
    visit = visitor("cs")
    visit.context.add_init_script(KEPT)
    page = visit.go("/orders")
    opened(page)
    page.wait_for_timeout(500)
    # As the browser does it after the server was away, or let go of a stream that was long enough.
    with page.expect_request(lambda asked: "x-live" in asked.headers):
        page.evaluate("window.streams.at(-1).dispatchEvent(new Event('open'))")
    assert visit.wrong == []
