"""What was the API's alone, by hand: a rule of carriage is added, tried, and taken away."""

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.requirement("issue 6: browser"), pytest.mark.timeout(180)]


def test_a_rule_of_carriage_is_added_tried_and_taken_away(visitor: Visitor) -> None:
    visit = visitor("lantern", tongue="en")
    page = visit.go("/prices")
    page.keyboard.press("n")
    page.get_by_label("Name in English").fill("Islands")
    page.get_by_label("Region").fill("46")
    page.locator("#f-fee").fill("18")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Islands")).to_be_visible()
    page.get_by_label("Region").fill("46")
    page.get_by_label("Goods for").fill("20")
    page.get_by_role("button", name="Try").click()
    expect(page.locator(".o-sums")).to_contain_text("38.00")
    page.get_by_role("link", name="Islands").click()
    page.get_by_role("button", name="Take away").click()
    page.locator("dialog[open]").get_by_role("button", name="Take away").click()
    expect(page.get_by_text("No rule: the flat fee")).to_be_visible()
    assert visit.wrong == []
