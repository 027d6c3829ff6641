"""The clocks that hang on disputes."""

from datetime import timedelta

from dingdan.plumbing.deadlines import Kind, Rung

BUYER_TURN = Kind(name="dispute.buyer_turn", subject="dispute", on_timeout="lapse_turn", waits_for="buyer",
                  warnings=(Rung(name="hours_left", before=timedelta(hours=6)),))  # fmt: skip
SELLER_TURN = Kind(name="dispute.seller_turn", subject="dispute", on_timeout="lapse_turn", waits_for="merchant",
                   warnings=(Rung(name="hours_left", before=timedelta(hours=6)),))  # fmt: skip
RULE_BY = Kind(
    name="dispute.rule", subject="dispute", on_timeout="note_unruled", waits_for="platform",
    warnings=(Rung(name="half_gone", percent=50, role="arbitrator"),),
    escalations=(Rung(name="day_over", after=timedelta(hours=24), role="arbitrator"),),
)  # fmt: skip
APPEAL_BY = Kind(name="dispute.appeal", subject="dispute", on_timeout="settle", waits_for="system")
# Whoever has to carry it out does; else the platform does it for them.
COMPLY = Kind(name="dispute.comply", subject="dispute", on_timeout="execute", waits_for="merchant",
              warnings=(Rung(name="hours_left", before=timedelta(hours=6)),))  # fmt: skip
# Due at once; what cannot be carried out is tried again, with its reason beside the clock.
EXECUTE = Kind(name="dispute.execute", subject="dispute", on_timeout="execute", waits_for="system")
# While the police, a court or the two sides themselves look at it.
STILL = Kind(name="dispute.still", subject="dispute", on_timeout="go_on", waits_for="platform")
TURNS = (BUYER_TURN, SELLER_TURN)
# What stops while a dispute stands still.
STOPPED = (*TURNS, RULE_BY, APPEAL_BY, COMPLY, EXECUTE)
