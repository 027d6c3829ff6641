"""Each tidy check finds what it looks for: a check that never fires keeps nothing out."""

import ast

import pytest
from tests.architecture import checks
from tests.architecture.checks import CHECKS, Check
from tests.architecture.source import ROOT, File

LONG = "\n".join(["def long() -> None:", *["    pass"] * checks.FUNCTION_LINES])
RULE = "areas/orders/rules.py"
STORE = "areas/orders/store.py"
FILE = '"""Says what it holds."""\n'

# (check, file, its text): wrong, one for each way to be wrong.
WRONG: list[tuple[Check, str, str]] = [
    (checks.file_names, "areas/orders/utils.py", FILE),
    (checks.file_names, "plumbing/db_helpers.py", FILE),
    (checks.file_names, "areas/orders/order_service.py", FILE),
    (checks.file_names, "areas/orders/cancel.py", FILE),
    (checks.file_names, "areas/orders/things/cancelling.py", FILE),
    (checks.opening_sentences, RULE, "x = 1\n"),
    (checks.opening_sentences, RULE, '"""No stop"""\n'),
    (checks.opening_sentences, RULE, '"""One.\n\nTwo.\nThree.\n"""\n'),
    (checks.sizes, RULE, LONG),
    (checks.sizes, RULE, "\n" * (checks.FILE_LINES + 1)),
    (checks.positional_arguments, RULE, "def f(a, b, c, d, e, f): ..."),
    (checks.docstrings, RULE, "def decide(): ..."),
    (checks.docstrings, RULE, "class Decision: ..."),
    (checks.docstrings, RULE, 'class D(msgspec.Struct):\n    """A."""\n    def is_final(self): ...'),
    (checks.docstrings, RULE, 'def f(a):\n    """Does it.\n\n    Args:\n        a: it.\n    """'),
    (checks.whole_numbers_of_money, "areas/refunds/rules/amount.py", "x = 7 / 2"),
    (checks.whole_numbers_of_money, "kernel/money.py", "x = float(y)"),
    (checks.whole_numbers_of_money, "areas/pricing/quoting.py", "x = y * 0.5"),
    (checks.whole_numbers_of_money, "areas/ledger/posting.py", "x = decimal.Decimal(y)"),
    (checks.one_clock, "areas/orders/expiring.py", "now = datetime.now(UTC)"),
    (checks.one_clock, "surfaces/api/orders.py", "now = datetime.datetime.utcnow()"),
    (checks.one_clock, "reactions/runner.py", "now = time.time()"),
    (checks.rules_never_wait, RULE, "async def decide(): ..."),
    (checks.rules_never_wait, "areas/refunds/rules/route.py", "async def decide(): ..."),
    (checks.rules_never_wait, "kernel/money.py", "async def split(): ..."),
    (checks.statements, "areas/orders/cancelling.py", 'sql = "SELECT id FROM orders"'),
    (checks.statements, "surfaces/api/orders.py", 'sql = """\n    WITH due AS (SELECT 1) SELECT 2"""'),
    (checks.statements, "reactions/orders.py", 'sql = f"UPDATE {table} SET x = 1"'),
    (checks.transactions, "areas/orders/cancelling.py", "connection.transaction()"),
    (checks.transactions, "areas/orders/cancelling.py", "tx.commit()"),
    (checks.state_changes, STORE, "sql = \"UPDATE orders SET paid_at = $1, state = 'confirmed' WHERE id = $2\""),
    (checks.state_changes, STORE, 'sql = "UPDATE returns AS r SET (journey, send_by) = ($1, $2) FROM x"'),
    (checks.handlers_see_their_types, "surfaces/api/orders.py", "if TYPE_CHECKING: import x"),
    (checks.narrow_excepts, "areas/payments/jobs.py", "try: ...\nexcept Exception: ..."),
    (checks.narrow_excepts, "areas/payments/jobs.py", "try: ...\nexcept: ..."),
    (checks.small_enums, "areas/orders/lifecycle.py", "class S:\n" + "\n".join(f"    A{n} = {n}" for n in range(10))),
    (checks.reactions_do_not_decide, "reactions/orders.py", "async def pay(tx, facts):\n    if facts: ..."),
    (checks.loose_ends, RULE, "x = 1  # TO" + "DO later"),
]

# The same checks on what is right, where being right is close to being wrong.
RIGHT: list[tuple[Check, str, str]] = [
    (checks.file_names, "areas/orders/cancelling.py", FILE),
    (checks.file_names, "areas/returns/sending_back.py", FILE),
    (checks.file_names, "areas/payments/providers/sandbox.py", FILE),
    (checks.whole_numbers_of_money, "areas/refunds/rules/amount.py", "x = 7 // 2"),
    (checks.whole_numbers_of_money, "areas/orders/rules.py", "path = folder / name"),
    (checks.one_clock, "plumbing/jobs.py", "now = datetime.now(UTC)"),
    (checks.statements, STORE, 'sql = "SELECT 1"'),
    (checks.statements, "areas/orders/refusals.py", 'text = "Select another day."'),
    (checks.statements, "areas/orders/cancelling.py", 'def f():\n    """SELECT is for the store."""'),
    (checks.state_changes, STORE, "sql = \"UPDATE orders SET paid_at = $1 WHERE state = 'confirmed'\""),
    (checks.state_changes, STORE, "sql = \"UPDATE provider_notices SET outcome = 'taken'\""),
    (checks.docstrings, RULE, "def _decide(): ..."),
    (checks.docstrings, "surfaces/api/orders.py", "def show(): ..."),
]


@pytest.mark.parametrize(("check", "name", "text"), WRONG, ids=lambda value: getattr(value, "__name__", ""))
def test_a_check_finds(check: Check, name: str, text: str) -> None:
    assert list(check(File(name, text, ast.parse(text))))


@pytest.mark.parametrize(("check", "name", "text"), RIGHT, ids=lambda value: getattr(value, "__name__", ""))
def test_a_check_leaves_alone(check: Check, name: str, text: str) -> None:
    assert list(check(File(name, text, ast.parse(text)))) == []


def test_every_check_is_tried() -> None:
    assert {check for check, _, _ in WRONG} == set(CHECKS)


def test_every_check_stands_in_the_style_guide() -> None:
    guide = (ROOT / "STYLE.md").read_text(encoding="utf-8")

    assert [check.__name__ for check in CHECKS if f"`{check.__name__}`" not in guide] == []
