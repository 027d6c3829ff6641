"""The clock is turned by two days in one window: what is open in others follows by itself, and nothing jumps."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import Visitor, running, visits
from tests.browser.walking import SHIFTS, Hands

pytestmark = [pytest.mark.requirement("issue 6: tours"), pytest.mark.timeout(180)]
# How far a page may move without anybody's doing: what browsers call none at all is below a tenth.
STILL = 0.02


@pytest.fixture
def turning(browser: Browser, server: Any, told: str, told_folder: Path) -> Iterator[Visitor]:
    """Opens a house of its own: its clock will not be anybody else's."""
    with running(server, told, told_folder) as house:
        yield from visits(browser, house)


def watched(page: Page) -> Page:
    """From now on a page counts how far it moves, and forgets that if it is loaded again."""
    page.evaluate(SHIFTS)
    return page


def test_two_days_move_queues_clocks_and_parcels_where_they_are_open(turning: Visitor) -> None:
    queue = turning("cs", tongue="en").go("/q/returns")
    expect(queue.locator("#pane [data-sheet]")).to_be_visible()
    at, fuse = queue.locator("#rows tr.o-at"), queue.locator("#rows tr .o-fuse span")
    opened, before = at.get_attribute("data-key"), fuse.all_inner_texts()
    order = turning("cs", tongue="en").go("/orders")
    order.keyboard.press("Control+k")
    order.keyboard.type("story-on-the-road")
    order.keyboard.press("Enter")
    expect(order.locator(".o-way")).to_be_visible()
    expect(order.locator(".o-way")).not_to_contain_text("Delivered")
    watched(queue)
    watched(order)
    queue.wait_for_timeout(500)  # Until both listen.
    admin = turning("dev", tongue="en")
    admin.go("/sandbox")
    hands = Hands(admin)
    with hands.at_most(1), admin.page.expect_navigation():
        hands.press("2")
    # Clocks and rows of the queue, and the parcel of the order.
    expect(queue.locator("#rows tr .o-fuse-over").first).to_be_visible(timeout=30_000)
    expect(order.locator(".o-way")).to_contain_text("Delivered", timeout=30_000)
    assert fuse.all_inner_texts() != before
    # Whoever was reading goes on reading: the same row, the same case, and no page was loaded again or jumped.
    assert at.get_attribute("data-key") == opened
    for page in (queue, order):
        assert page.evaluate("window.shifted") < STILL
