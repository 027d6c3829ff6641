"""Which column points to which table, read from the tables themselves."""

import importlib.util
import pkgutil

from sqlalchemy import BigInteger, Table

from dingdan import areas
from dingdan.kernel.lifecycle import REGISTRY
from dingdan.plumbing import tables as _pipes  # noqa: F401 - registers its tables
from dingdan.plumbing.schema import metadata

# Lifecycles come with the tables that have them.
for _area in pkgutil.iter_modules(areas.__path__):
    if importlib.util.find_spec(f"dingdan.areas.{_area.name}.tables"):
        importlib.import_module(f"dingdan.areas.{_area.name}.tables")

TABLES: dict[str, Table] = {table.name: table for table in metadata.sorted_tables}

# What facts and deadlines call the things of a table, where it is not simply the table's singular.
_OTHER_WORDS = {
    "work_orders": "work", "api_keys": "key", "return_requests": "request", "credit_holds": "hold", "purse_lots": "lot",
    "payment_methods": "method", "coupon_grants": "grant", "returned_goods": "goods", "return_offers": "offer",
    "return_questions": "question", "order_notes": "note", "return_remarks": "remark", "dispute_rulings": "ruling",
    # A policy's id is that of its version from the first draft on.
    "policy_editions": "policy", "policies": "policy_text",
    "policy_backtests": "backtest",
}  # fmt: skip


def singular(table: str) -> str:
    """The word for one row of a table: orders is order, policies is policy."""
    return table[:-3] + "y" if table.endswith("ies") else table.removesuffix("s")


def _subjects() -> dict[str, str]:
    with_ids = [name for name, table in TABLES.items() if "id" in table.columns and name != "sandbox_clock"]
    return {_OTHER_WORDS.get(name, singular(name)): name for name in with_ids}


# {word: table} of everything that has an id.
SUBJECTS: dict[str, str] = _subjects()


def parent_of(table: str, column: str) -> str | None:
    """The table that a column of ids points to; None where it is no such column."""
    declared = TABLES[table].columns[column]
    for key in declared.foreign_keys:
        return key.column.table.name
    if not isinstance(declared.type, BigInteger) or not column.endswith("_id"):
        return None
    return SUBJECTS.get(column.removesuffix("_id"))


def parents(table: str) -> dict[str, str]:
    """{column: table} of what one row of a table points to."""
    found = {column.name: parent_of(table, column.name) for column in TABLES[table].columns}
    return {column: parent for column, parent in found.items() if parent is not None}


# {machine: (table, column)} of every lifecycle whose steps are facts. Reservations tell none: their truth is in the
# movements.
MACHINES: dict[str, tuple[str, str]] = {
    "abuse_flag": ("abuse_flags", "state"),
    "case": ("cases", "state"),
    "claim": ("claims", "state"),
    "remedy": ("remedies", "state"),
    "carrier": ("carriers", "state"),
    "customs_return": ("customs_returns", "state"),
    "channel_problem": ("channel_problems", "state"),
    "message": ("messages", "state"),
    "dispute": ("disputes", "state"),
    "ruling": ("dispute_rulings", "state"),
    "exchange": ("exchanges", "state"),
    "hand_payout": ("hand_payouts", "state"),
    "hold": ("credit_holds", "state"),
    "invoice": ("invoices", "state"),
    "invoice_request": ("invoice_requests", "state"),
    "offer": ("return_offers", "state"),
    "order": ("orders", "state"),
    "parcel": ("parcels", "state"),
    "payment": ("payments", "state"),
    "policy": ("policy_editions", "state"),
    "payout": ("payouts", "state"),
    "promotion": ("promotions", "state"),
    "question": ("return_questions", "state"),
    "refund": ("refunds", "state"),
    "repair": ("repairs", "state"),
    "return_decision": ("returns", "decision"),
    "return_journey": ("returns", "journey"),
    "return_outcome": ("returns", "outcome"),
    "review": ("reviews", "state"),
    "send_back": ("send_backs", "state"),
    "settlement": ("settlements", "state"),
    "withdrawal": ("withdrawals", "state"),
    "stocktake": ("stocktakes", "state"),
    "stray": ("strays", "state"),
    "transfer": ("transfers", "state"),
    "webhook_endpoint": ("webhook_endpoints", "state"),
    "work": ("work_orders", "state"),
}

EDGES: list[tuple[str, str, str]] = sorted(
    (machine, was, now) for machine in MACHINES for was, now in REGISTRY[machine].edges()
)
INITIAL: list[tuple[str, str]] = sorted((machine, str(REGISTRY[machine].initial)) for machine in MACHINES)
