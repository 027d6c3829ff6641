"""The clocks that hang on goods that came back."""

from datetime import timedelta

from dingdan.plumbing.deadlines import Kind, Rung

# R5.5: somebody decides what becomes of goods, before they lie too long to be worth anything.
DECIDE_BY = Kind(
    name="goods.decide_by", subject="goods", on_timeout="note_undecided", waits_for="merchant", counts="service",
    may_extend=True,
    warnings=(Rung(name="most", percent=80, role="warehouse"),),
    escalations=(Rung(name="days_over", after=timedelta(hours=72), role="manager"),),
)  # fmt: skip
# R3.10: what is the buyer's is kept for them. They are reminded when the time of storage is over and once more; after
# that a person writes or calls. Nothing is ever confiscated.
STORAGE = Kind(
    name="goods.storage", subject="goods", on_timeout="remind_of_storage", waits_for="buyer",
    escalations=(
        Rung(name="again", after=timedelta(days=7), role="buyer"),
        Rung(name="by_hand", after=timedelta(days=14), role="customer_service"),
    ),
)  # fmt: skip
