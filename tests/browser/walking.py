"""Hands that walk the tour: every key, chord, scan and tap is counted, and no job takes more than was promised."""

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from playwright.sync_api import Locator, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Visit

# How many times the page has moved under somebody's eyes who did nothing: what the browser itself counts.
SHIFTS = """() => { window.shifted = 0; new PerformanceObserver(list => { for (const one of list.getEntries())
    if (!one.hadRecentInput) window.shifted += one.value; }).observe({type: 'layout-shift', buffered: false}); }"""

BURST = """said => { for (const key of [...said, 'Enter']) document.activeElement.dispatchEvent(
    new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true})); }"""


class Hands:
    """What somebody does at a page; each touch is written down."""

    def __init__(self, visit: "Visit") -> None:
        self.page = visit.page
        self.done: list[str] = []

    def press(self, *keys: str) -> None:
        """Press keys or chords, one after the other."""
        for key in keys:
            self.done.append(key)
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        """Type words: as many touches as letters."""
        self.done += words
        self.page.keyboard.type(words)

    def scan(self, code: str) -> None:
        """Pull a scanner's trigger: all letters at once, and Enter."""
        self.done.append(f"scan {code}")
        if self.page.locator("#station").count():
            # Not one by one from here: a busy machine would make a slow typist of the scanner.
            self.page.evaluate(BURST, code)
            return
        self.page.keyboard.insert_text(code)
        self.page.keyboard.press("Enter")

    def tap(self, what: Locator) -> None:
        """Click or tap on something."""
        self.done.append("tap")
        what.click()

    def pick(self, what: Locator, choice: str) -> None:
        """Pick one of several."""
        self.done.append(f"pick {choice}")
        what.select_option(choice)

    @contextlib.contextmanager
    def at_most(self, touches: int) -> Iterator[None]:
        """A job that takes no more touches than this."""
        before = len(self.done)
        yield
        did = self.done[before:]
        assert 0 < len(did) <= touches, f"{len(did)} touches where {touches} were promised: {did}"


class Walk:
    """Somebody who came in by a link as it is printed, and goes through the tour of their desk."""

    def __init__(self, visit: "Visit", link: str) -> None:
        self.visit, self.page = visit, visit.page
        self.hands = Hands(visit)
        self.page.goto(link)
        expect(self.page.locator(".o-who")).to_be_visible()

    def begin(self, task: str) -> None:
        """Open the tour and follow the link of one of its tasks."""
        self.visit.go("/tour")
        self.page.get_by_role("link", name=task, exact=True).click()
        self.page.wait_for_load_state("load")

    def ticked(self, task: str) -> None:
        """Its tick stands in the tour."""
        self.visit.go("/tour")
        row = self.page.locator("tr", has=self.page.get_by_role("link", name=task, exact=True))
        expect(row).to_contain_text("Done")

    def opened(self) -> str:
        """What is open beside a queue, once it is there."""
        expect(self.page.locator("#pane [data-sheet]")).to_be_visible()
        return self.page.locator("#pane [data-sheet]").get_attribute("data-sheet") or ""

    def down_to(self, key: str) -> str:
        """Go down a queue to the first case where a key does something; gives which it is."""
        for _ in range(self.page.locator("#rows tbody tr").count()):
            before = self.opened()
            if self.page.locator(f"#pane .o-bar [data-key={key}]").count():
                return before
            self.page.keyboard.press("j")
            self.next_opened(before)
        raise AssertionError(f"there is nothing in this queue that {key} can be pressed for")

    def next_opened(self, after: str) -> None:
        """Another one has opened by itself."""
        expect(self.page.locator("#pane [data-sheet]")).not_to_have_attribute("data-sheet", after)

    def sent(self) -> None:
        """What was asked is done: its form is closed again."""
        expect(self.page.locator("dialog[open]")).to_have_count(0)

    def said(self, words: str) -> None:
        """A short note says what was done."""
        expect(self.page.locator(".o-toast", has_text=words).first).to_be_visible()


Walker = Callable[..., Walk]
