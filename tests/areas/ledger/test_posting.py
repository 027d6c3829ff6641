"""The books: balanced, never changed, each cause once, accounts opened without a race."""

import asyncio

import asyncpg
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from dingdan.areas import ledger
from dingdan.areas.ledger import rules
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 2: ledger")


def capture(source_id: int, amount: int = 1000, *, merchant_id: int = 1, currency: str = "CNY") -> ledger.Posting:
    legs = (("psp_clearing", amount), ("buyer_funds", -amount))
    return ledger.Posting(merchant_id, "capture", source_id, 7, currency, legs)


async def balances(db: Database, merchant_id: int | None = None) -> dict[tuple[int, str, str], int]:
    async with db.reading(SYSTEM) as tx:
        found = await ledger.balances(tx, merchant_id)
    return {(balance.merchant_id, balance.account, balance.currency): balance.amount for balance in found}


async def test_a_posting_stands_on_both_its_accounts(db: Database) -> None:
    await do(db, SYSTEM, ledger.post, [capture(1), capture(2, 500), capture(3, 70, merchant_id=2, currency="EUR")])

    assert await balances(db) == {
        (1, "psp_clearing", "CNY"): 1500, (1, "buyer_funds", "CNY"): -1500,
        (2, "psp_clearing", "EUR"): 70, (2, "buyer_funds", "EUR"): -70,
    }  # fmt: skip
    assert set(await balances(db, 2)) == {(2, "psp_clearing", "EUR"), (2, "buyer_funds", "EUR")}


async def test_the_same_cause_is_posted_once(db: Database) -> None:
    assert await do(db, SYSTEM, ledger.post, [capture(1), capture(1)]) == {("capture", 1)}
    assert await do(db, SYSTEM, ledger.post, [capture(1), capture(2)]) == {("capture", 2)}
    assert await do(db, SYSTEM, ledger.post, []) == set()

    assert (await balances(db))[1, "psp_clearing", "CNY"] == 2000


async def test_entries_of_an_order_tell_where_its_money_is(db: Database) -> None:
    await do(db, SYSTEM, ledger.post, [capture(1)])
    async with db.reading(SYSTEM) as tx:
        found = await ledger.entries(tx, [7, 8])

    assert [(entry.account, entry.amount) for entry in found[7]] == [("psp_clearing", 1000), ("buyer_funds", -1000)]
    assert found[8] == []


async def test_ten_at_once_open_an_account_once(db: Database) -> None:
    await asyncio.gather(*(do(db, SYSTEM, ledger.post, [capture(n)]) for n in range(10)))

    assert (await balances(db))[1, "psp_clearing", "CNY"] == 10_000
    async with db.reading(SYSTEM) as tx:
        assert await tx.fetchval("SELECT count(*) FROM accounts") == 2


@pytest.mark.parametrize(
    "legs",
    [
        (("psp_clearing", 10), ("buyer_funds", -9)),
        (("psp_clearing", 10),),
        (("psp_clearing", 10), ("petty_cash", -10)),
        (("psp_clearing", 10), ("buyer_funds", -10), ("excess_funds", 0)),
    ],
)
async def test_what_does_not_balance_is_a_bug(db: Database, legs: tuple[tuple[str, int], ...]) -> None:
    with pytest.raises(AssertionError):
        await do(db, SYSTEM, ledger.post, [ledger.Posting(1, "capture", 1, None, "CNY", legs)])

    assert await balances(db) == {}


async def insert_posting(connection: asyncpg.Connection, *amounts: int) -> None:
    """A posting written past the program, as a bug or a stranger would."""
    await connection.execute("INSERT INTO accounts VALUES (1, 1, 'psp_clearing', 'CNY')")
    await connection.execute(
        "INSERT INTO postings (id, merchant_id, source, source_id, currency, at) VALUES (1, 1, 'x', 1, 'CNY', now())"
    )
    for n, amount in enumerate(amounts):
        await connection.execute("INSERT INTO entries VALUES (1, $1, 1, 1, 'CNY', $2)", n, amount)


@pytest.mark.parametrize("amounts", [(5, -4), (5,), ()])
async def test_postgresql_does_not_commit_what_does_not_balance(db: Database, amounts: tuple[int, ...]) -> None:
    async with db.connection() as connection:
        with pytest.raises(asyncpg.PostgresError) as caught:
            async with connection.transaction():
                await insert_posting(connection, *amounts)

    assert caught.value.sqlstate == "DD002"


async def test_entries_do_not_come_after_their_posting(db: Database) -> None:
    async with db.connection() as connection:
        async with connection.transaction():
            await insert_posting(connection, 5, -5)
        with pytest.raises(asyncpg.PostgresError) as caught:
            await connection.execute("INSERT INTO entries VALUES (1, 8, 1, 1, 'CNY', 3), (1, 9, 1, 1, 'CNY', -3)")

    assert caught.value.sqlstate == "DD002"


async def test_a_savepoint_does_not_hide_a_posting_from_its_entries(db: Database) -> None:
    async with db.connection() as connection, connection.transaction(), connection.transaction():
        await insert_posting(connection, 5, -5)


@pytest.mark.parametrize("change", ["UPDATE entries SET amount = 0", "DELETE FROM entries", "DELETE FROM postings",
                                    "UPDATE postings SET source_id = 9"])  # fmt: skip
async def test_history_is_never_changed(db: Database, change: str) -> None:
    await do(db, SYSTEM, ledger.post, [capture(1)])
    async with db.connection() as connection:
        with pytest.raises(asyncpg.PostgresError) as caught:
            await connection.execute(change)

    assert caught.value.sqlstate == "DD001"


@for_all(st.lists(st.integers(-(10**12), 10**12).filter(bool), min_size=1, max_size=8))
def test_legs_are_sound_exactly_when_they_sum_to_zero(amounts: list[int]) -> None:
    legs = tuple(("psp_clearing", amount) for amount in amounts)
    rest = -sum(amounts)
    closed = (*legs, ("buyer_funds", rest)) if rest else legs

    assert rules.fault(ledger.Posting(1, "x", 1, None, "CNY", (*legs, ("buyer_funds", rest + 1))))
    assert bool(rules.fault(ledger.Posting(1, "x", 1, None, "CNY", closed))) == (len(closed) < 2)


def test_every_account_is_explained_in_both_languages() -> None:
    assert all(account.meaning.en and account.meaning.zh for account in ledger.CHART.values())
