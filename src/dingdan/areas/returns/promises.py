"""The clocks that hang on a return."""

from datetime import timedelta

from dingdan.areas import merchants, policies
from dingdan.plumbing.deadlines import Kind, Rung

# An answer is the merchant's service: its working time counts where it keeps a calendar. What silence could not decide
# stays in the lead's hands, and does not stay there unseen.
REVIEW = Kind(
    name="return.review", subject="return", on_timeout="time_out_review", waits_for="merchant", counts="service",
    may_extend=True,
    warnings=(Rung(name="half", percent=50, role="customer_service"), Rung(name="most", percent=80, role="lead")),
    escalations=(
        Rung(name="day_over", after=timedelta(hours=24), role="lead"),
        Rung(name="days_over", after=timedelta(hours=72), role="arbitrator"),
    ),
)  # fmt: skip
# The law's own clock (CPL art. 25): every hour counts, and nobody extends it. Fifteen days after the goods came a delay is
# an offence (Penal art. 9(4)); its days are the policy's, seven in China.
REFUND_BY = Kind(
    name="return.refund_by", subject="return", on_timeout="note_late_refund", waits_for="merchant",
    warnings=(
        Rung(name="three_days", before=timedelta(hours=72), role="finance"),
        Rung(name="one_day", before=timedelta(hours=24), role="finance"),
    ),
    escalations=(Rung(name="offence", after=timedelta(days=8), role="risk"),),
)  # fmt: skip
# R3.8: somebody looks within two days of the signature.
INSPECT_BY = Kind(
    name="return.inspect_by", subject="return", on_timeout="note_late_inspection", waits_for="merchant",
    counts="service", may_extend=True, warnings=(Rung(name="half", percent=50, role="inspector"),),
    escalations=(Rung(name="day_over", after=timedelta(hours=24), role="manager"),),
)  # fmt: skip
# The buyer is reminded twice.
SEND_BY = Kind(
    name="return.send_by", subject="return", on_timeout="lapse", waits_for="buyer", may_extend=True,
    warnings=(
        Rung(name="three_days", before=timedelta(hours=72), role="buyer"),
        Rung(name="one_day", before=timedelta(hours=24), role="buyer"),
    ),
)  # fmt: skip


def review_limit(merchant: merchants.Merchant, policy: policies.Policy) -> timedelta:
    """How long an application may wait: what the merchant promised, but never longer than its policy says (R2.2)."""
    return timedelta(hours=min(merchant.settings.review_limit_hours, policy.document.review.limit_hours))
