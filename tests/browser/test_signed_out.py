"""Whoever is asked who they are while they type shows it beside, loses no word, and sees a secret as long as they need."""

import re

import asyncpg
import pytest
from playwright.sync_api import expect
from tests.browser.conftest import House, Visitor, apart

from dingdan.cli.demo.people import PASSWORD

pytestmark = [pytest.mark.requirement("issue 6: browser"), pytest.mark.timeout(180)]

OLD_PROOF = """UPDATE sessions SET proved_at = proved_at - interval '11 minutes'
    WHERE staff_id = (SELECT id FROM staff WHERE login = 'lantern')"""
URL = "https://93.184.216.34/hooks/of-a-slow-typist"
WORDS = "Rang twice, nobody was in; the neighbour takes it on Friday."


def test_words_that_were_typed_outlive_the_session(visitor: Visitor) -> None:
    visit = visitor("cs", tongue="en")
    page = visit.go("/orders?merchant=greenwood")
    page = visit.go(page.locator("#rows tbody tr").first.get_attribute("data-href") or "")
    page.keyboard.press("n")
    dialog = page.locator("dialog[open]")
    dialog.locator("textarea").fill(WORDS)
    visit.context.clear_cookies(name="dingdan_session")
    dialog.locator("button[type=submit], button:not([type])").last.click()
    expect(dialog.locator(".o-problems")).to_contain_text("You are not signed in any more")
    expect(dialog.locator("textarea")).to_have_value(WORDS)
    assert visit.barriers() == []

    with visit.context.expect_page() as opened:
        dialog.get_by_role("link", name="Sign in in a new tab").click()
    beside = opened.value
    expect(beside).to_have_url(re.compile(r"/sign-in\?next="))
    beside.goto(f"{visit.house.url}/in/cs")
    beside.close()
    dialog.locator("button[type=submit], button:not([type])").last.click()
    expect(page.locator("article")).to_contain_text(WORDS)
    # A form that was refused is noted by a browser, once.
    assert [said for said in visit.wrong if "401" not in said] == []


async def forget_the_proof(house: House) -> None:
    """It is a while ago that the merchant showed a password."""
    connection = await asyncpg.connect(house.database_url)
    try:
        await connection.execute(OLD_PROOF)
    finally:
        await connection.close()


@pytest.mark.requirement("S-09")
def test_words_that_were_typed_outlive_the_password_that_is_asked_for_again(visitor: Visitor) -> None:
    visit = visitor("lantern", tongue="en")
    page = visit.go("/webhooks")
    page.keyboard.press("n")
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("Address").fill(URL)
    apart(forget_the_proof(visit.house))
    send = dialog.locator("button.o-first", has_text="Add an endpoint")
    send.click()
    expect(dialog.locator(".o-problems")).to_contain_text("Your password is asked for again")
    expect(dialog.get_by_label("Address")).to_have_value(URL)
    assert visit.barriers() == []

    with visit.context.expect_page() as opened:
        dialog.get_by_role("link", name="Confirm in a new tab").click()
    beside = opened.value
    expect(beside).to_have_url(re.compile(r"/confirm\?next=%2Fwebhooks"))
    beside.get_by_label("Password").fill(PASSWORD)
    beside.get_by_role("button", name="Show that it is you").click()
    expect(beside).to_have_url(re.compile(r"/webhooks$"))
    beside.close()
    send.click()
    expect(dialog).to_contain_text("whsec_")
    # Whoever presses again makes no second one, and still reads the secret.
    send.click()
    expect(dialog).to_contain_text("page.already_done")
    expect(dialog).to_contain_text("whsec_")
    assert visit.barriers() == []
    visit.go("/webhooks")
    expect(page.locator("#rows tbody tr", has_text=URL)).to_have_count(1)
    assert [said for said in visit.wrong if "401" not in said and "409" not in said] == []
