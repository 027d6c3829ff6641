"""The clocks that hang on a repair."""

from datetime import timedelta

from dingdan.plumbing.deadlines import Kind, Rung

# From the moment the goods are here, as many days as the policy says; the law gives them to the buyer, so nobody extends
# them, and they stand still only while nothing can be done without the buyer.
FINISH_BY = Kind(
    name="repair.finish_by", subject="repair", on_timeout="let_choose", waits_for="merchant",
    warnings=(
        Rung(name="half", percent=50, role="warehouse"), Rung(name="days_3", before=timedelta(days=3), role="manager"),
    ),
)  # fmt: skip
# What the buyer wants instead; silence is the money.
CHOOSE_BY = Kind(
    name="repair.choose_by", subject="repair", on_timeout="turn_silent", waits_for="buyer",
    warnings=(Rung(name="day_left", before=timedelta(days=1), role="buyer"),),
)  # fmt: skip
ARRIVE_BY = Kind(name="repair.arrive_by", subject="repair", on_timeout="note_overdue", waits_for="carrier")
