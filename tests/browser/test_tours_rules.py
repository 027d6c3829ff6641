"""The tour of who says what holds: an arbitrator, their appeal, who writes policies, who audits and who runs the shift."""

import json
import re

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Visitor
from tests.browser.walking import Walk, Walker

pytestmark = [pytest.mark.requirement("issue 6: tours"), pytest.mark.timeout(180)]
WHY = "买家主张灯罩破裂；双方举证显示外箱完好、内部无填充；商家说明出库完好。依据所引规则，责任在商家。"


def rule(me: Walk) -> None:
    """Rule as it stands in the form: a reason, a rule that it rests on, and the money is seen before the key."""
    with me.hands.at_most(3):
        me.hands.press("a")
        expect(me.page.locator("dialog[open] .o-preview")).to_contain_text("CN¥")
        me.page.locator("dialog[open] textarea").fill(WHY)
        me.hands.tap(me.page.locator("dialog[open] input[name=rules]").first)
        me.hands.press("Control+Enter")
        me.sent()


def test_a_ruling_is_given_in_full_appealed_and_decided_by_another(walk: Walker) -> None:
    me = walk("arbitrator")
    me.begin("Rule in a dispute")
    dispute = me.opened()
    for words in ("Buyer", "Seller", "What we know"):
        expect(me.page.locator("#pane")).to_contain_text(words)
    rule(me)
    me.said("Ruled")
    me.ticked("Rule in a dispute")
    seller = walk("merchant")
    seller.visit.go(f"/q/disputes?open={dispute}")
    seller.opened()
    with seller.hands.at_most(2):
        seller.hands.press("r")
        seller.page.locator("dialog[open] textarea").fill("出库称重与照片齐全，请复核运输责任。")
        seller.hands.press("Control+Enter")
        seller.said("Appealed")
    buyers = walk("customer service")
    buyers.visit.go(f"/disputes/{dispute}")
    with buyers.hands.at_most(2):
        buyers.hands.press("e")
        buyers.page.locator("dialog[open] textarea").fill("没有填充，运输颠簸可以预见。")
        buyers.hands.press("Control+Enter")
        buyers.said("the other side sees it")
    # Whoever ruled may not rule again, and reads so.
    me.visit.go(f"/disputes/{dispute}")
    expect(me.page.locator("[data-why]", has_text="Rule")).to_have_attribute("data-why", re.compile("You ruled before"))
    other = walk("second arbitrator")
    other.visit.go(f"/disputes/{dispute}")
    rule(other)
    expect(other.page.locator(".o-way")).to_contain_text("Final")
    assert me.visit.wrong == seller.visit.wrong == other.visit.wrong == []


def keep(me: Walk) -> None:
    """Save a draft: the page comes back with what stands against it now."""
    me.page.locator("h1").click()
    with me.hands.at_most(1), me.page.expect_navigation(wait_until="load"):
        me.hands.press("s")


def test_a_policy_is_refused_below_the_law_tried_measured_and_announced_by_one_person(walk: Walker) -> None:
    me = walk("developer, administrator")
    me.begin("Draft a policy and see what it would change")
    me.page.keyboard.press("n")
    form = me.page.locator("dialog[open]")
    form.locator("select[name=base]").select_option(index=1)
    for name, words in (("code", "calm"), ("name_zh", "安心退"), ("name_en", "Take your time")):
        form.locator(f"[name={name}]").fill(words)
    if form.locator("select[name=merchant]").count():
        form.locator("select[name=merchant]").select_option(index=1)
    me.page.keyboard.press("Control+Enter")
    expect(me.page).to_have_url(re.compile(r"/policies/pol_\w+/edit$"))
    here = me.page.url
    days, look = me.page.locator("#policy [name='no_reason.window.days']"), me.page.locator("#look")
    # Said while it is typed, and refused when it is kept.
    days.fill("3")
    expect(look).to_contain_text("cannot be published")
    keep(me)
    assert "stand" in (me.page.locator(".o-bar [data-why]").get_attribute("data-why") or "")
    days.fill("20")
    expect(look).not_to_contain_text("cannot be published")
    keep(me)
    with me.hands.at_most(2):
        me.hands.press("t")
        me.hands.tap(me.page.locator(".o-beside").get_by_role("button", name="Try", exact=True).last)
        expect(me.page.locator(".o-beside .o-verdict")).to_contain_text("Under this version")
    with me.hands.at_most(2):
        me.hands.press("b")
        me.hands.tap(me.page.get_by_role("button", name="Run a back-test"))
        expect(me.page.locator("#kept")).to_contain_text("Newly approved", timeout=30_000)
    assert me.page.url == here, "all of it is on one page"
    with me.hands.at_most(2):
        me.hands.press("p", "Control+Enter")
        expect(me.page).to_have_url(re.compile(r"/policies/pol_\w+$"), timeout=30_000)
        expect(me.page.locator(".o-way")).to_contain_text("Announced")
    me.ticked("Draft a policy and see what it would change")
    assert me.visit.wrong == []


def test_an_auditor_finds_a_person_with_one_filter_and_takes_it_away(walk: Walker, visitor: Visitor) -> None:
    # Somebody did something that nobody else does.
    somebody = visitor("dev").go("/developers")
    somebody.keyboard.press("k")
    expect(somebody.locator("main")).to_contain_text("ddk_")
    me = walk("auditor")
    me.begin("Find who did what")
    with me.hands.at_most(1):
        me.hands.tap(me.page.get_by_role("link", name="Personal data", exact=True))
        expect(me.page).to_have_url(re.compile("sort=personal_data"))
    me.visit.go("/audit")
    who = me.page.locator("[data-filters] [name=by]")
    who.fill("dev")
    with me.hands.at_most(1):
        me.hands.press("Enter")
        expect(me.page).to_have_url(re.compile("by=dev"))
    expect(me.page.locator("#rows")).to_contain_text("吴帆")
    expect(me.page.locator("#rows")).not_to_contain_text("陈思")
    with me.hands.at_most(1), me.page.expect_download() as taken:
        me.hands.tap(me.page.get_by_role("link", name="As signed lines (JSONL)"))
    *lines, signed = [json.loads(line) for line in taken.value.path().read_bytes().splitlines()]
    assert signed["count"] == len(lines)
    assert lines
    assert len({one["actor_id"] for one in lines}) == 1
    me.ticked("Find who did what")
    me.begin("Take a list away")
    with me.page.expect_download():
        me.page.get_by_role("link", name="CSV").click()
    me.ticked("Take a list away")
    # And both stand in the log.
    me.visit.go("/audit?sort=exported&by=audit")
    expect(me.page.locator("#rows")).to_contain_text("冯查")
    assert me.visit.wrong == []


def test_platform_operations_see_the_shift_and_who_looked_at_people(walk: Walker) -> None:
    me = walk("platform operations")
    # Nothing is pressed: how late each queue is stands on the page that one lands on.
    me.visit.go("/")
    queues = me.page.locator("table.o-queues").first
    for words in ("Return review", "Exceptions", "Disputes", "Refunds"):
        expect(queues.locator("tr", has_text=words)).to_be_visible()
    expect(queues.locator("thead")).to_contain_text("Overdue, at risk, fine")
    me.begin("See who looked at people's data")
    expect(me.page).to_have_url(re.compile("sort=personal_data"))
    me.ticked("See who looked at people's data")
    with me.hands.at_most(1):
        me.hands.tap(me.page.get_by_role("link", name="Archive", exact=True))
        expect(me.page.locator("h1")).to_contain_text("Archive")
    with me.hands.at_most(1):
        me.hands.tap(me.page.get_by_role("link", name="Rules and SLAs", exact=True))
        expect(me.page.locator("main")).to_contain_text("Rules of review")
    assert me.visit.wrong == []
