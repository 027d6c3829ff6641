"""The days that customs leave (GAC announcement 2020 no. 45): they are theirs, so nobody moves them."""

from datetime import timedelta

from dingdan.plumbing.deadlines import Kind, Rung

BROKER = "customs_broker"
# Goods that a buyer wants to send back: to ask customs is the seller's.
APPLY_BY = Kind(
    name="customs.apply_by", subject="order", on_timeout="note_missed", waits_for="merchant",
    warnings=(Rung(name="days_left", before=timedelta(days=10), role=BROKER),
              Rung(name="last_days", before=timedelta(days=3), role=BROKER)),
)  # fmt: skip
# Goods that customs were asked to take back.
BACK_BY = Kind(
    name="customs.back_by", subject="customs_return", on_timeout="note_missed", waits_for="merchant",
    warnings=(Rung(name="days_left", before=timedelta(days=7), role=BROKER),
              Rung(name="last_days", before=timedelta(days=2), role=BROKER)),
)  # fmt: skip
