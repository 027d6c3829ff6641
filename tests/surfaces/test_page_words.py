"""How pages write amounts, moments and clocks, what goes into spreadsheets, and what is read out of forms."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from dingdan.kernel.money import EXPONENTS, Money
from dingdan.kernel.refusal import Text
from dingdan.surfaces.shared.pages import formatting, forms, marks, plain
from dingdan.surfaces.shared.pages.screens import Act, Chip, Code, Fuse, Link, Pictured, Reason, Two, View
from dingdan.surfaces.shared.pages.who import own_path
from dingdan.surfaces.shared.problems import Malformed

pytestmark = pytest.mark.requirement("issue 6: words")

AT = datetime(2026, 11, 22, 11, 5, tzinfo=UTC)


@pytest.mark.parametrize(("amount", "currency", "en", "zh"), [
    (129950, "CNY", "CN¥1,299.50", "¥1,299.50"), (-23900, "CNY", "−CN¥239.00", "−¥239.00"), (1300, "JPY", "JP¥1,300", "JP¥1,300"),
    (5, "KWD", "KWD\u00a00.005", "KWD\u00a00.005"), (0, "EUR", "€0.00", "€0.00"), (-1, "USD", "−$0.01", "−US$0.01"),
])  # fmt: skip
def test_amounts(amount: int, currency: str, en: str, zh: str) -> None:
    assert formatting.money(Money(amount, currency), "en") == en
    assert formatting.money(Money(amount, currency), "zh") == zh


@any_of(st.integers(-(10**15), 10**15), st.sampled_from(sorted(EXPONENTS)))
def test_an_amount_that_was_written_is_read_as_the_same(amount: int, currency: str) -> None:
    written = formatting.money(Money(abs(amount), currency), "zh").replace("US", "").replace("HK", "").replace("JP", "")
    assert forms.amount_of(written.replace("\u00a0", " "), currency, "x") == abs(amount)


@pytest.mark.parametrize(("typed", "amount"), [
    ("12", 1200), ("12.5", 1250), ("１，２９９．５０", 129950), ("¥ 1,299.50", 129950), ("CNY 3", 300), ("0.01", 1),
])  # fmt: skip
def test_amounts_as_people_type_them(typed: str, amount: int) -> None:
    assert forms.amount_of(typed, "CNY", "amount") == amount


@pytest.mark.parametrize("typed", ["", "abc", "1.234", "1e3", "--1", "∞", "1.2.3", "NaN"])
def test_what_is_no_amount_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(Malformed) as refused:
        forms.amount_of(typed, "CNY", "amount")
    assert refused.value.path == "amount"


def test_moments() -> None:
    assert formatting.short(AT, "zh", AT) == "11-22 19:05"
    assert formatting.short(AT, "en", AT) == "22 Nov 19:05"
    assert formatting.short(AT, "zh", AT + timedelta(days=90)) == "2026-11-22 19:05"
    assert formatting.long(AT, "en") == "Sun 22 Nov 2026, 19:05"
    assert formatting.long(AT, "zh") == "2026年11月22日 周日 19:05"


@pytest.mark.parametrize(("minutes", "shown"), [
    (118, "1:58"), (860, "14:20"), (-42, "−0:42"), (0, "0:00"), (1, "0:01"), (0.15, "9 s"),
    (3 * 1440, "3 d"), (-4 * 1440, "−4 d"),
])  # fmt: skip
def test_what_is_left_on_a_clock(minutes: int, shown: str) -> None:
    assert formatting.left(timedelta(minutes=minutes), "en") == shown
    assert formatting.left(timedelta(minutes=minutes), "zh") == shown.replace("d", "天").replace("s", "秒")


@pytest.mark.parametrize(
    ("minutes", "en", "zh"),
    [
        (0, "0 min", "0 分钟"),
        (26, "26 min", "26 分钟"),
        (192, "3 h 12 min", "3 小时 12 分钟"),
        (1500, "1 d 1 h", "1 天 1 小时"),
    ],
)
def test_spans(minutes: int, en: str, zh: str) -> None:
    assert formatting.span(timedelta(minutes=minutes), "en") == en
    assert formatting.span(timedelta(minutes=minutes), "zh") == zh


@pytest.mark.parametrize(("minutes", "look"), [(-1, "over"), (119, "risk"), (300, "risk"), (1000, "calm")])
def test_only_what_is_nearly_late_has_a_colour(minutes: int, look: str) -> None:
    assert Fuse(AT + timedelta(minutes=minutes), AT).look == look
    assert Fuse(AT, AT, is_paused=True).look == "paused"


@pytest.mark.parametrize(("cell", "text"), [
    ("=1+1", "'=1+1"), ("+49", "'+49"), ("@x", "'@x"), ("-1", "'-1"), ("SF1234567890123", "SF1234567890123"),
    ("123456789012345678", "\t123456789012345678"), (None, ""), (Money(38870, "CNY"), "388.70 CNY"),
    (AT, "2026-11-22T11:05:00+00:00"),
    (Two(Code("a"), None), "a"), (Chip(Text("Open", "打开"), "us"), "打开"), ([Link("/x", "=x"), 3], "'=x, 3"),
    (True, "是"), (False, "否"), ([Code("a"), True], "a, 是"), (timedelta(minutes=192), "3 小时 12 分钟"),
    (date(2026, 11, 22), "2026-11-22"), (Reason("good", Text("Answers", "正常")), "正常"),
    (Reason("bad", Text("Late", "超时"), "S-01"), "超时 / S-01"), (Pictured(None, Two(Code("a"), True)), "a / 是"),
    (Act("try", Text("Try", "重试"), "/x"), "重试"), (Fuse(AT, AT), "2026-11-22T11:05:00+00:00"),
    (Fuse(AT, AT, is_paused=True), ""),
])  # fmt: skip
def test_no_cell_of_a_file_runs_or_is_rounded(cell: object, text: str) -> None:
    assert plain.cell(cell, "zh") == text


@pytest.mark.parametrize(
    "cell", [View(Text("All", "全部")), object(), 1.5, {"a": 1}, [View(Text("All", "全部"))], Two("a", {})]
)
def test_what_no_cell_may_be_is_a_bug_and_never_printed(cell: Any) -> None:
    with pytest.raises(AssertionError):
        plain.words(cell, "zh")


@pytest.mark.parametrize(
    "text",
    ["//evil.example", "https://evil.example", "\\\\evil", "/\\evil", "evil", "", "/a\r\nSet-Cookie: x", "/\x00"],
)
def test_only_our_own_paths_are_led_to(text: str) -> None:
    assert own_path(text) == "/"
    assert own_path("/orders?state=held") == "/orders?state=held"


def test_a_code_is_drawn_as_bars_that_hold_it() -> None:
    drawn = marks.code128("0SBKD-9GGG0-G00")
    assert 'aria-label="0SBKD-9GGG0-G00"' in drawn
    assert drawn.count("<rect") > 30
    assert "style" not in drawn
    assert '"><script>' not in marks.code128('"><script>')
