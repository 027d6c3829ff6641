"""What buyers, shops and clerks may write is written as scripts and templates, and then every page that shows it is opened.

Nothing may run, no policy may be broken, and every word comes back as it was typed.
"""

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser, Page
from tests import given
from tests.attacks.conftest import BOSS, HOST, pages_over, two_shops
from tests.attacks.conftest import House as Shops
from tests.attacks.machine import doors, filled, is_stream, sound
from tests.browser.conftest import DESK, PHONE, apart, copied, wait
from tests.conftest import MASTER_KEY
from tests.surfaces.everything import SKU

from dingdan.areas import access
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.doing import do

assert two_shops
pytestmark = [pytest.mark.requirement("issue 6: attacks"), pytest.mark.timeout(300)]

# A mark that nobody else writes, so that pages which show any of it are found.
MARK = "xq9"
SHORT = f"<img src={MARK} onerror=alert(1)>"
LONG = (
    f"{MARK} \"'><script>alert(1)</script><svg/onload=alert(2)>{{{{7777*7777}}}} {{% raw %}} ${{7777*7777}} </textarea></title>"
    "<a href=javascript:alert(3)>x</a><style>*{display:none}</style><iframe srcdoc='<script>alert(4)</script>'></iframe>"
)
# Where a text went through another eye than ours: what a template would have made of it.
RECKONED = str(7777 * 7777)
LISTEN = """
    window.misses = [];
    addEventListener('securitypolicyviolation', (one) => window.misses.push(
        `${one.violatedDirective} ${one.blockedURI} ${one.sourceFile}:${one.lineNumber} ${one.sample}`));
"""
LOOK = """(mark) => {
    const harm = `[onerror], [onload], img[src="${mark}"], a[href^="javascript:"], script:not([src]), iframe, style, [style]`;
    const bad = [...document.querySelectorAll(harm)].map((one) => one.outerHTML.slice(0, 200));
    const held = [...document.querySelectorAll('input, textarea')].map((one) => one.value);
    const around = [...document.querySelectorAll('[alt], [title], [data-why], [aria-label]')].flatMap(
        (one) => [one.getAttribute('alt'), one.title, one.dataset.why, one.getAttribute('aria-label')]);
    return {bad, said: [document.body.textContent, ...held, ...around].join(' '), misses: window.misses};
}"""
# Where words stand that no form of a page takes.
IN_TWO_TONGUES = (("merchants", "name"), ("products", "title"), ("order_lines", "title"), ("carriers", "name"),
                  ("warehouses", "name"), ("channels", "name"))  # fmt: skip
IN_ONE = (("staff", "name"), ("scans", "place"), ("return_scans", "place"), ("api_keys", "name"), ("strays", "note"),
          ("dispositions", "note"), ("repairs", "note"), ("inspection_lines", "note"), ("webhook_attempts", "answer"),
          ("webhook_endpoints", "description"), ("sessions", "device"))  # fmt: skip


class Poisoned(msgspec.Struct, frozen=True):
    """A running house full of such words: which pages show them, for whom, and what their browser holds."""

    url: str
    pages: dict[str, list[str]]
    cookies: dict[str, tuple[str, str]]


@pytest.fixture(scope="module")
def poisoned(server: Any, two_shops: tuple[str, Path]) -> Iterator[Poisoned]:
    """Such words in every field that takes them, on both surfaces; then a server over it."""
    source, folder = two_shops
    with copied(server, source) as url, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        pages: dict[str, list[str]] = {}
        cookies: dict[str, tuple[str, str]] = {}
        apart(_poison(url, folder, pages, cookies))
        environment = {k: v for k, v in os.environ.items() if not k.startswith("DINGDAN_")} | {
            "DINGDAN_DATABASE_URL": url, "DINGDAN_MASTER_KEY": MASTER_KEY.hex(), "DINGDAN_MODE": "sandbox",
            "DINGDAN_PORT": str(port), "DINGDAN_DATA_DIR": str(folder),
        }  # fmt: skip
        process = subprocess.Popen([sys.executable, "-m", "dingdan", "serve"], env=environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        try:
            wait(f"http://127.0.0.1:{port}", [process])
            yield Poisoned(f"http://127.0.0.1:{port}", pages, cookies)
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=15)
            process.kill()


async def _poison(url: str, folder: Path, pages: dict[str, list[str]], cookies: dict[str, tuple[str, str]]) -> None:
    async with pages_over("console", url, folder) as console:
        order = await _an_order(console)
        async with console.db.connection() as connection:
            for table, column in IN_TWO_TONGUES:
                await connection.execute(f"UPDATE {table} SET {column} = $1", {"en": LONG, "zh": LONG})
            for table, column in IN_ONE:
                await connection.execute(f"UPDATE {table} SET {column} = $1", LONG)
        headers = await console.cookie(BOSS)
        await _say_it_everywhere(console, headers, order)
        pages["console"] = await _that_show_it(console, headers, order)
        cookies["console"] = ("dingdan_session", headers["Cookie"].partition("=")[2])
    async with pages_over("portal", url, folder) as portal:
        secret = await do(portal.db, SYSTEM, access.guest_secret, order)
        headers = {"Cookie": f"dingdan_guest={secret}", "Origin": HOST}
        await _say_it_everywhere(portal, headers, order)
        pages["portal"] = await _that_show_it(portal, headers, order)
        cookies["portal"] = ("dingdan_guest", secret)


async def _an_order(house: Shops) -> int:
    """Whose buyer is called so, and lives so."""
    shop = given.Shop(
        house.number("merchant_id"), house.number("warehouse_id"), "web", {SKU: house.number("product_id")}
    )
    async with house.db.connection() as connection:
        # A rule of this shop stops every order, which then is not delivered.
        await connection.execute("UPDATE review_rules SET is_active = false")
    lives = msgspec.structs.replace(given.ADDRESS, name=SHORT[:20], detail=LONG[:200])
    return await given.delivered_order(house.db, shop, {SKU: 1}, buyer="hostile", ship_to=lives, reference=SHORT)


async def _say_it_everywhere(house: Shops, headers: dict[str, str], order: int) -> None:
    """Every form, with such words in each field that takes them."""
    own = house.words | {word.removesuffix("_id"): value for word, value in house.words.items()}
    for door in doors(house.app, "POST"):
        if door.body is None or door.path.startswith(("/me/", "/people/{")):
            continue
        said = {field.name: LONG if "2000" in str(field.type) else SHORT for field in msgspec.structs.fields(door.body)}
        for words in (
            said | own | {"text": LONG, "note": LONG, "name": SHORT},
            own | {"text": LONG, "note": LONG, "name": SHORT},
        ):
            of = {} if door.path.count("{") > 1 else {"order_id": ids.encode("order", order)}
            path = filled(door, house.words | of)
            await house.http.post(path, data=sound(door.body, words), headers=headers)


async def _that_show_it(house: Shops, headers: dict[str, str], order: int) -> list[str]:
    """The addresses of pages on which it stands; on none of them it stands unescaped."""
    found, wrong = [], []
    for door in doors(house.app, "GET"):
        if is_stream(door) or door.path.startswith(("/assets/", "/in/", "/audit.jsonl")):
            continue
        for number in {house.words["order_id"], ids.encode("order", order)}:
            words = house.words | {"order_id": number, "chart": "sku", "code": "sf", "merchant": "shop-a"}
            answer = await house.http.get(filled(door, words), params=sound(door.query, {}), headers=headers)
            path = answer.url.raw_path.decode()
            if MARK in answer.text and answer.headers["content-type"].startswith("text/html") and path not in found:
                found.append(path)
                wrong += [
                    path
                    for harm in ("<img src=" + MARK, "<script>alert", "<svg/onload", "<iframe")
                    if harm in answer.text
                ]
            wrong += [f"{path} reckoned" for _ in range(RECKONED in answer.text)]
    assert not wrong, wrong
    return found


def opened(page: Page, poisoned: Poisoned, path: str) -> list[str]:
    """What is wrong with a page once it is open, with its scripts run."""
    page.goto(poisoned.url + path, wait_until="load")
    return looked_at(page, path)


def looked_at(page: Page, what: str) -> list[str]:
    """What is wrong with what is open."""
    seen = page.evaluate(LOOK, MARK)
    # A letter has its looks in its tags, as mail must, and is looked at in a box where nothing runs.
    is_letter = page.url.endswith("/letter")
    bad = [one for one in seen["bad"] if not (is_letter and " style=" in one.partition(">")[0])]
    wrong = [f"{what}: {one}" for one in bad + (seen["misses"] or [])]
    if RECKONED in seen["said"]:
        wrong.append(f"{what}: a template was run")
    if MARK in seen["said"] and not any(text in seen["said"] for text in (SHORT[:20], LONG[:40])):
        wrong.append(f"{what}: not as it was typed")
    return wrong


@pytest.mark.requirement("S-16")
@pytest.mark.requirement("S-17")
@pytest.mark.parametrize("surface", ["console", "portal"])
def test_what_somebody_typed_never_runs(browser: Browser, poisoned: Poisoned, surface: str) -> None:
    assert len(poisoned.pages[surface]) > (25 if surface == "console" else 5), poisoned.pages
    context = browser.new_context(
        viewport=DESK if surface == "console" else PHONE, reduced_motion="reduce", locale="en-GB"
    )
    name, value = poisoned.cookies[surface]
    context.add_cookies([{"name": name, "value": value, "url": poisoned.url}])
    context.add_init_script(LISTEN)
    page, wrong = context.new_page(), []
    page.on("dialog", lambda dialog: (wrong.append(f"{page.url}: dialog {dialog.message}"), dialog.dismiss()))
    # A form that is sent empty is refused, which a browser notes.
    page.on(
        "console",
        lambda said: (
            wrong.append(f"{page.url}: {said.text} {said.location}")
            if said.type == "error" and "422" not in said.text
            else None
        ),
    )
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    for path in poisoned.pages[surface]:
        wrong += opened(page, poisoned, path)
    if surface == "console":
        wrong += acted(page, poisoned)
    context.close()
    assert not wrong, "\n".join(wrong)


def acted(page: Page, poisoned: Poisoned) -> list[str]:
    """Pieces that come in later: a sheet beside its list, what was found, a note about an act, a dialog with a refusal."""
    wrong = opened(page, poisoned, "/orders")
    page.keyboard.press("Control+k")
    page.locator("#palette input").fill(SHORT)
    page.wait_for_timeout(300)
    wrong += looked_at(page, "what was found")
    page.keyboard.press("Escape")
    for queue in ("/q/returns", "/q/review", "/q/exceptions"):
        wrong += opened(page, poisoned, queue)
        page.wait_for_timeout(400)
        wrong += looked_at(page, f"{queue} with its pane")
        forms = page.locator("#pane form[data-act][hx-post], #main form[data-act][hx-post]")
        if forms.count():
            forms.first.evaluate("form => { form.noValidate = true; form.requestSubmit() }")
            page.wait_for_timeout(400)
            wrong += looked_at(page, f"{queue} after an act")
    return wrong
