"""Every statement of payments."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from dingdan.areas.payments.lifecycle import PAYMENT, SEND_BACK, PaymentState, SendBackState
from dingdan.areas.payments.model import Booked, Capture, Charge, Deposit, MoneyBack, Payment, Sent, Share, Tender
from dingdan.areas.payments.rules import ON_THE_WAY, OPEN
from dingdan.kernel.event import Moved
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx

_PAYMENT = ", ".join(f"p.{field}" for field in Payment.__struct_fields__)
_DEPOSIT = ", ".join(Deposit.__struct_fields__)
_CAPTURE = Capture.__struct_fields__
_SENT = ", ".join("p.provider" if field == "provider" else f"b.{field}" for field in Sent.__struct_fields__)
_OF_ORDERS = """SELECT order_id, payment_id FROM payment_allotments WHERE order_id = ANY($1::bigint[])
    UNION SELECT order_id, payment_id FROM captures WHERE order_id = ANY($1::bigint[]) AND carried_from IS NOT NULL"""
_OPEN, _ON_THE_WAY = [str(state) for state in OPEN], [str(state) for state in ON_THE_WAY]


async def add(tx: Tx, payments: Sequence[tuple[int, int, int | None, int | None, Charge]]) -> None:
    """Write attempts (payment, checkout, merchant, captured together with, charge) with what each order gets of them."""
    await tx.copy(
        "payments",
        ("id", "checkout_id", "merchant_id", "provider", "method", "currency", "amount", "started_at", "together", "purse_id"),
        [(i, checkout, m, c.provider, c.method, c.currency, c.amount, tx.now, together, c.purse_id)
         for i, checkout, m, together, c in payments],
    )  # fmt: skip
    await tx.copy(
        "payment_allotments",
        ("order_id", "payment_id", "merchant_id", "amount"),
        [(s.order_id, i, s.merchant_id, s.amount) for i, *_, charge in payments for s in charge.shares],
    )


async def get(tx: Tx, ids: Iterable[int]) -> dict[int, Payment]:
    """Payments by id."""
    rows = await tx.fetch(
        f"SELECT {_PAYMENT} FROM payments p WHERE p.id = ANY($1::bigint[]) ORDER BY p.id",  # noqa: S608
        list(ids),
    )
    return {row["id"]: msgspec.convert(dict(row), Payment) for row in rows}


async def of_orders(tx: Tx, order_ids: Iterable[int], *, only_open: bool = False) -> list[tuple[Payment, int]]:
    """Payments that are for any of these orders, or were carried over to them, with the order, oldest first."""
    rows = await tx.fetch(
        f"""
        SELECT {_PAYMENT}, a.order_id FROM ({_OF_ORDERS}) a JOIN payments p ON p.id = a.payment_id
        WHERE $2::text[] IS NULL OR p.state = ANY($2) ORDER BY p.id, a.order_id
        """,  # noqa: S608
        list(order_ids),
        _OPEN if only_open else None,
    )
    found = [dict(row) for row in rows]
    return [(msgspec.convert(values, Payment), order_id) for values in found for order_id in [values.pop("order_id")]]


async def together(tx: Tx, numbers: Iterable[int]) -> list[Payment]:
    """Payments that are captured together, by the number that they share."""
    rows = await tx.fetch(
        f"SELECT {_PAYMENT} FROM payments p WHERE p.together = ANY($1::bigint[]) ORDER BY p.id",  # noqa: S608
        list(numbers),
    )
    return [msgspec.convert(dict(row), Payment) for row in rows]


async def shares(tx: Tx, payment_ids: Iterable[int]) -> dict[int, list[Share]]:
    """What each order gets of these payments, lowest order first."""
    rows = await tx.fetch(
        """
        SELECT payment_id, order_id, merchant_id, amount FROM payment_allotments
        WHERE payment_id = ANY($1::bigint[]) ORDER BY payment_id, order_id
        """,
        list(payment_ids),
    )
    found: dict[int, list[Share]] = {}
    for row in rows:
        found.setdefault(row["payment_id"], []).append(Share(row["order_id"], row["merchant_id"], row["amount"]))
    return found


async def booked(tx: Tx, marks: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of these charges (provider, provider_ref) stand in the books already."""
    wanted = list(marks)
    rows = await tx.fetch(
        """
        SELECT DISTINCT c.provider, c.provider_ref FROM captures c
        JOIN unnest($1::text[], $2::text[]) AS w (p, r) ON c.provider = w.p AND c.provider_ref = w.r
        """,
        [provider for provider, _ in wanted],
        [provider_ref for _, provider_ref in wanted],
    )
    return {(row["provider"], row["provider_ref"]) for row in rows}


async def add_captures(tx: Tx, captures: Sequence[Capture]) -> None:
    """Write down money that came in."""
    await tx.copy("captures", _CAPTURE, [msgspec.structs.astuple(capture) for capture in captures])


async def note_charges(tx: Tx, notes: Sequence[tuple[int, str | None, str | None, str | None]]) -> None:
    """Keep what a provider said about payments: (payment, its reference, pay address, failure).

    The first reference stays, and one that another payment has is not taken over.
    """
    await tx.execute(
        """
        UPDATE payments AS p SET provider_ref = COALESCE(p.provider_ref, n.ref), pay_url = COALESCE(n.url, p.pay_url),
            failure = n.failure
        FROM (SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) AS u (id, ref, url, failure)
              ORDER BY id) AS n
        WHERE p.id = n.id AND NOT EXISTS (
            SELECT 1 FROM payments o WHERE o.provider = p.provider AND o.provider_ref = n.ref AND o.id <> p.id)
        """,
        *[list(column) for column in zip(*notes, strict=True)],
    )


async def move(tx: Tx, verb: str, ids: Iterable[int], **values: Any) -> dict[int, Moved]:
    """Move payments along their lifecycle; only those that may go."""
    return await lifecycles.move(tx, "payments", PAYMENT, verb, ids, **values)


async def count_ask(tx: Tx, table: str, ids: Iterable[int]) -> list[Any]:
    """Note that outcomes are asked after once more; gives back what still waits for one, with the count."""
    assert table in ("payments", "send_backs")
    waiting = [*_OPEN, "voided", "failed"] if table == "payments" else [*_ON_THE_WAY, "failed"]
    return await tx.fetch(
        f"""
        UPDATE {table} AS t SET asks = t.asks + 1
        FROM (SELECT id FROM {table} WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE) AS l
        WHERE t.id = l.id AND t.state = ANY($2::text[]) RETURNING t.id, t.merchant_id, t.state, t.asks
        """,  # noqa: S608
        sorted(ids),
        waiting,
    )


async def charges(tx: Tx, payment_ids: Iterable[int], states: Iterable[PaymentState]) -> list[Charge]:
    """What to ask providers about these payments, of those in these states."""
    wanted = [str(state) for state in states]
    found = {i: payment for i, payment in (await get(tx, payment_ids)).items() if payment.state in wanted}
    allotted = await shares(tx, found)
    return [
        Charge(payment_id=p.id, provider=p.provider, method=p.method, amount=p.amount, currency=p.currency,
               shares=tuple(allotted[p.id]))
        for p in found.values()
    ]  # fmt: skip


async def tenders(tx: Tx, order_ids: Iterable[int]) -> list[tuple[int, Tender]]:
    """What payments brought for orders (never excess), and what of it is back or on its way."""
    rows = await tx.fetch(
        """
        SELECT c.order_id, c.payment_id, sum(c.amount)::bigint AS amount, COALESCE((
            SELECT sum(b.amount) FROM send_backs b
            WHERE b.order_id = c.order_id AND b.payment_id = c.payment_id AND b.state <> 'failed'), 0)::bigint AS back
        FROM captures c WHERE c.order_id = ANY($1::bigint[]) AND c.kind = 'normal'
        GROUP BY c.order_id, c.payment_id ORDER BY c.order_id, c.payment_id
        """,
        list(order_ids),
    )
    return [(row["order_id"], Tender(row["payment_id"], row["amount"], row["back"])) for row in rows]


async def carried(tx: Tx, order_ids: Iterable[int]) -> dict[int, int]:
    """What was carried over to orders from others, by order; those to which nothing was are left out."""
    query = """
        SELECT order_id, sum(amount)::bigint FROM captures
        WHERE order_id = ANY($1::bigint[]) AND carried_from IS NOT NULL GROUP BY order_id"""
    return dict(await tx.fetch(query, list(order_ids)))


async def first_orders(tx: Tx, tenders: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """The order for which the money of each tender (order, payment) came in, however often it was carried over since."""
    wanted = sorted(set(tenders))
    rows = await tx.fetch(
        """
        WITH RECURSIVE back AS (
            SELECT o, p, o AS first FROM unnest($1::bigint[], $2::bigint[]) AS w (o, p)
            UNION ALL SELECT k.o, k.p, s.order_id FROM back k
            JOIN captures c ON c.order_id = k.first AND c.payment_id = k.p JOIN send_backs s ON s.id = c.carried_from
        )
        SELECT k.* FROM back k JOIN captures c ON c.order_id = k.first AND c.payment_id = k.p AND c.carried_from IS NULL
        """,
        *zip(*wanted, strict=True),
    )
    return {(row["o"], row["p"]): row["first"] for row in rows}


async def captures(tx: Tx, ids: Iterable[int]) -> list[Capture]:
    """Money that came in, by its ids."""
    rows = await tx.fetch(
        f"SELECT {', '.join(_CAPTURE)} FROM captures WHERE id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
        list(ids),
    )
    return [Capture(**dict(row)) for row in rows]


async def add_send_backs(tx: Tx, rows: Iterable[Sequence[Any]]) -> None:
    """Write new send-backs: (id, order, merchant, refund, payment, currency, amount, created at, carried to)."""
    about = ("id", "order_id", "merchant_id", "refund_id", "payment_id")
    await tx.copy("send_backs", (*about, "currency", "amount", "created_at", "carried_to"), rows)


async def send_backs(
    tx: Tx, *, ids: Iterable[int] | None = None, refund_ids: Iterable[int] | None = None
) -> dict[int, Sent]:
    """Send-backs by their ids or by the refunds that they are for, in order."""
    rows = await tx.fetch(
        f"""
        SELECT {_SENT} FROM send_backs b JOIN payments p ON p.id = b.payment_id
        WHERE b.{"id" if ids is not None else "refund_id"} = ANY($1::bigint[]) ORDER BY b.id
        """,  # noqa: S608
        list(ids if ids is not None else refund_ids or ()),
    )
    return {row["id"]: msgspec.convert(dict(row), Sent) for row in rows}


async def money_back(tx: Tx, ids: Iterable[int], states: Iterable[SendBackState]) -> list[MoneyBack]:
    """What to ask providers about these send-backs, of those in these states."""
    rows = await tx.fetch(
        """
        SELECT b.id AS send_back_id, b.payment_id, p.provider, b.order_id, b.merchant_id, b.amount, b.currency,
            p.captured_at, (SELECT count(*) FROM send_backs o WHERE o.payment_id = b.payment_id AND o.id <> b.id
                AND o.carried_to IS NULL AND o.state IN ('sent', 'unknown', 'arrived')) AS made_before
        FROM send_backs b JOIN payments p ON p.id = b.payment_id
        WHERE b.id = ANY($1::bigint[]) AND b.state = ANY($2::text[]) ORDER BY b.id
        """,
        list(ids),
        [str(state) for state in states],
    )
    return [MoneyBack(**dict(row)) for row in rows]


async def last_calls(tx: Tx, payment_ids: Iterable[int]) -> dict[int, Any]:
    """When providers were last called to send money back of payments; nobody else takes a turn of them meanwhile."""
    ids = sorted(set(payment_ids))
    await tx.fetch("SELECT id FROM payments WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE", ids)
    query = """
        SELECT payment_id, max(called_at) FROM send_backs
        WHERE payment_id = ANY($1::bigint[]) AND called_at IS NOT NULL GROUP BY payment_id"""
    return dict(await tx.fetch(query, ids))


async def note_calls(tx: Tx, ids: Iterable[int]) -> None:
    """The provider is called about these now."""
    await tx.execute("UPDATE send_backs SET called_at = $2 WHERE id = ANY($1::bigint[])", list(ids), tx.now)


async def note_money_back(tx: Tx, notes: Sequence[tuple[int, str | None, str | None, bool]]) -> None:
    """Keep what a provider said about send-backs: (send-back, its reference, failure, whether to try again)."""
    await tx.execute(
        """
        UPDATE send_backs AS b SET provider_ref = COALESCE(n.ref, b.provider_ref), failure = n.failure,
            can_retry = n.can_retry
        FROM (SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::boolean[])
              AS u (id, ref, failure, can_retry) ORDER BY id) AS n
        WHERE b.id = n.id
        """,
        *[list(column) for column in zip(*notes, strict=True)],
    )


async def move_send_backs(tx: Tx, verb: str, ids: Iterable[int], **values: Any) -> dict[int, Moved]:
    """Move send-backs along their lifecycle; only those that may go."""
    return await lifecycles.move(tx, "send_backs", SEND_BACK, verb, ids, **values)


async def claim_notices(tx: Tx, provider: str, notices: Sequence[tuple[str, int | None, bytes]]) -> set[str]:
    """Write notifications (event, subject, hash) down; says which are new, or were parked and may be tried again."""
    rows = await tx.fetch(
        """
        INSERT INTO provider_notices AS n (provider, event_id, subject_id, body_hash, outcome, at)
        SELECT $1, e, s, h, 'parked', $5 FROM unnest($2::text[], $3::bigint[], $4::bytea[]) AS new (e, s, h)
        ORDER BY e
        ON CONFLICT (provider, event_id) DO UPDATE SET at = excluded.at WHERE n.outcome = 'parked'
        RETURNING event_id
        """,
        provider,
        [event_id for event_id, _, _ in notices],
        [subject_id for _, subject_id, _ in notices],
        [body_hash for _, _, body_hash in notices],
        tx.now,
    )
    return {row["event_id"] for row in rows}


async def note_outcomes(tx: Tx, provider: str, outcomes: dict[str, str]) -> None:
    """Keep what we made of notifications."""
    await tx.execute(
        """
        UPDATE provider_notices AS n SET outcome = o.outcome
        FROM unnest($2::text[], $3::text[]) AS o (event_id, outcome)
        WHERE n.provider = $1 AND n.event_id = o.event_id
        """,
        provider,
        list(outcomes),
        list(outcomes.values()),
    )


async def booked_charges(tx: Tx, provider: str, refs: Iterable[str]) -> list[Booked]:
    """What came in under these references of a provider."""
    rows = await tx.fetch(
        """
        SELECT c.payment_id AS id, p.merchant_id, c.provider_ref, c.currency, sum(c.amount)::bigint AS amount,
            min(c.at) AS at
        FROM captures c JOIN payments p ON p.id = c.payment_id
        WHERE c.provider = $1 AND c.provider_ref = ANY($2::text[]) AND c.carried_from IS NULL
        GROUP BY c.payment_id, p.merchant_id, c.provider_ref, c.currency ORDER BY c.payment_id
        """,
        provider,
        list(refs),
    )
    return [Booked(**dict(row)) for row in rows]


async def charged_between(tx: Tx, provider: str, since: Any, until: Any, *, after: int, limit: int) -> list[Booked]:
    """What came in by a provider in a time, by payment, in slices."""
    rows = await tx.fetch(
        """
        SELECT p.id, p.merchant_id, c.provider_ref, c.currency, sum(c.amount)::bigint AS amount, min(c.at) AS at
        FROM (
            SELECT id, merchant_id FROM payments
            WHERE provider = $1 AND captured_at >= $2 AND captured_at <= $3 AND id > $4 ORDER BY id LIMIT $5
        ) AS p JOIN captures c ON c.payment_id = p.id AND c.carried_from IS NULL
        GROUP BY p.id, p.merchant_id, c.provider_ref, c.currency ORDER BY p.id
        """,
        provider,
        since,
        until,
        after,
        limit,
    )
    return [Booked(**dict(row)) for row in rows]


async def returned_between(tx: Tx, provider: str, since: Any, until: Any, *, after: int, limit: int) -> list[Booked]:
    """What went back by a provider in a time, in slices."""
    rows = await tx.fetch(
        """
        SELECT b.id, b.merchant_id, COALESCE(b.provider_ref, '') AS provider_ref, b.currency, b.amount, b.arrived_at AS at
        FROM send_backs b JOIN payments p ON p.id = b.payment_id
        WHERE p.provider = $1 AND b.carried_to IS NULL AND b.state = 'arrived'
          AND b.arrived_at >= $2 AND b.arrived_at <= $3 AND b.id > $4
        ORDER BY b.id LIMIT $5
        """,
        provider,
        since,
        until,
        after,
        limit,
    )
    return [Booked(**dict(row)) for row in rows]


async def add_deposits(tx: Tx, agreed: Sequence[Deposit]) -> None:
    """Write down which orders are paid in two parts."""
    columns = Deposit.__struct_fields__
    await tx.copy("deposits", columns, [tuple(getattr(one, column) for column in columns) for one in agreed])


async def deposits(tx: Tx, order_ids: Iterable[int]) -> dict[int, Deposit]:
    """How those of these orders that are paid in two parts are paid."""
    rows = await tx.fetch(
        f"SELECT {_DEPOSIT} FROM deposits WHERE order_id = ANY($1::bigint[]) ORDER BY order_id",  # noqa: S608
        list(order_ids),
    )
    return {row["order_id"]: msgspec.convert(dict(row), Deposit) for row in rows}


async def note_deposits(tx: Tx, order_ids: Iterable[int]) -> None:
    """The deposits of these locked orders are in."""
    await tx.execute(
        "UPDATE deposits SET paid_at = $2 WHERE order_id = ANY($1::bigint[]) AND paid_at IS NULL",
        list(order_ids),
        tx.now,
    )


async def end_deposits(tx: Tx, ends: Sequence[tuple[int, int, int]]) -> set[int]:
    """Write down once what became of deposits (order, kept, penalty) that came to nothing; says of which just now."""
    rows = await tx.fetch(
        """
        UPDATE deposits SET ended_at = $4, kept = e.kept, penalty = e.penalty
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS e (id, kept, penalty)
        WHERE order_id = e.id AND paid_at IS NOT NULL AND ended_at IS NULL RETURNING order_id
        """,
        *[list(column) for column in zip(*ends, strict=True)],
        tx.now,
    )
    return {row["order_id"] for row in rows}
