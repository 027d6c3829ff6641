"""A coupon of the platform is one use for a checkout, and its limit for each buyer counts over all merchants."""

import sqlalchemy as sa
from alembic import op

from dingdan.migrations.scripting import run_script

revision = "0030"
down_revision = "0028"

# A person's number comes from the keyed hash of what the shop calls them. Uses of before stay within the limit: who used a
# coupon at several merchants, more often than one may now, is counted at each of them as it was.
CARRY_OVER = """
UPDATE promotion_uses u SET person = CASE WHEN n.uses <= n.limit_per_buyer THEN n.person ELSE u.buyer_id END FROM (
    SELECT u.order_id, u.promotion_id, p.limit_per_buyer, x.person,
           count(*) FILTER (WHERE u.given_back_at IS NULL) OVER (PARTITION BY u.promotion_id, x.person) AS uses
    FROM promotion_uses u JOIN promotions p ON p.id = u.promotion_id JOIN buyers b ON b.id = u.buyer_id
    CROSS JOIN LATERAL (
        SELECT ('x' || encode(substr(b.ref_hash, 1, 8), 'hex'))::bit(64)::bigint AS person
    ) x
    WHERE p.merchant_id IS NULL AND p.limit_per_buyer IS NOT NULL
) n WHERE n.order_id = u.order_id AND n.promotion_id = u.promotion_id;

DELETE FROM promotion_holders h USING promotions p WHERE p.id = h.promotion_id AND p.merchant_id IS NULL;

INSERT INTO promotion_holders (promotion_id, holder, merchant_id, used)
SELECT promotion_id, person, NULL, count(*) FILTER (WHERE given_back_at IS NULL) FROM promotion_uses
WHERE person IS NOT NULL GROUP BY promotion_id, person;

-- Who was forgotten before has a hash that finds nobody, and so has what they used.
INSERT INTO reaction_cursors (reaction, position)
SELECT 'identity.forget_who_used_coupons', COALESCE(max(position), 0) FROM facts HAVING count(*) > 0 ON CONFLICT DO NOTHING;

CREATE POLICY of_the_platform ON promotion_holders FOR SELECT TO dingdan_read USING (merchant_id IS NULL);
-- A code of the platform is good at every merchant, and a quote sees what placing would.
CREATE POLICY of_the_platform ON coupon_grants FOR SELECT TO dingdan_read USING (merchant_id IS NULL);
"""

KINDS = (
    "'sale', 'subsidy', 'own_credit', 'fee', 'refund', 'subsidy_back', 'subsidy_returned', 'own_credit_back', 'fee_back', "
    "'remedy', 'penalty', 'borne', 'recovery', 'deposit_draw', 'payout', 'payout_failed'"
)
# Payouts that the bank has not confirmed yet get their part; what was paid before is left as it was booked.
CARDS_OF_PAYOUTS = """
UPDATE payouts p SET cards = x.amount FROM (
    SELECT i.payout_id, sum(m.amount) AS amount FROM payout_items i
    JOIN settlement_lines l ON l.id = i.settlement_line_id AND l.kind IN ('sale', 'refund'), LATERAL (
        SELECT c.payment_id, c.amount FROM captures c
        WHERE l.kind = 'sale' AND c.order_id = l.subject_id AND c.kind = 'normal'
        UNION ALL SELECT t.payment_id, -t.amount FROM refund_tenders t WHERE l.kind = 'refund' AND t.refund_id = l.subject_id
    ) m JOIN payments y ON y.id = m.payment_id JOIN purses u ON u.id = y.purse_id AND u.merchant_id IS NULL
    GROUP BY i.payout_id
) x WHERE x.payout_id = p.id AND p.state IN ('prepared', 'approved');
"""


OCCASIONS = """
    'received', 'confirmed', 'amended', 'cancelled', 'expired', 'refunded', 'payment_failed', 'review_started', 'delayed',
    'receipt_announced', 'receipt_due_soon', 'deposit_paid', 'balance_opened', 'deposit_ended', 'return_approved',
    'return_due_soon', 'return_place_proposed', 'units_rejected', 'units_offered', 'units_unclaimed', 'case_opened',
    'case_updated', 'case_asked', 'case_offered', 'case_remedied', 'case_closed', 'return_resolved', 'return_refused',
    'return_asked', 'return_offered', 'return_updated', 'contract_withdrawn', 'penalty_paid', 'invoice_issued'
"""


def upgrade() -> None:
    """Go forward."""
    _coupons()
    _settling()
    op.drop_constraint(op.f("ck_confirmations_occasion_known"), "confirmations")
    op.create_check_constraint(op.f("ck_confirmations_occasion_known"), "confirmations", f"occasion IN ({OCCASIONS})")


def _settling() -> None:
    op.add_column("payouts", sa.Column("cards", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.drop_constraint(op.f("ck_settlement_lines_kind_known"), "settlement_lines")
    op.create_check_constraint(op.f("ck_settlement_lines_kind_known"), "settlement_lines", f"kind IN ({KINDS})")
    run_script(CARDS_OF_PAYOUTS)


def _coupons() -> None:
    op.rename_table("promotion_buyers", "promotion_holders")
    op.alter_column("promotion_holders", "buyer_id", new_column_name="holder")
    op.alter_column("promotion_holders", "merchant_id", nullable=True)
    op.execute("ALTER INDEX pk_promotion_buyers RENAME TO pk_promotion_holders")
    op.execute(
        "ALTER TABLE promotion_holders RENAME CONSTRAINT ck_promotion_buyers_used_fits TO ck_promotion_holders_used_fits"
    )
    op.add_column("promotion_uses", sa.Column("person", sa.BigInteger(), nullable=True))
    op.add_column("promotion_uses", sa.Column("shared_with", sa.BigInteger(), nullable=True))
    op.create_check_constraint(
        op.f("ck_promotion_uses_one_leads"), "promotion_uses",
        "shared_with <> order_id AND person IS NULL AND grant_id IS NULL OR shared_with IS NULL",
    )  # fmt: skip
    op.create_index(
        "ix_promotion_uses_buyer_id", "promotion_uses", ["buyer_id"], postgresql_where=sa.text("person IS NOT NULL"),
    )  # fmt: skip
    op.create_index(
        "ix_promotion_uses_shared_with", "promotion_uses", ["shared_with"],
        postgresql_where=sa.text("shared_with IS NOT NULL"),
    )  # fmt: skip
    run_script(CARRY_OVER)
    op.create_table(
        "wrong_tries",
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("about", "who", name=op.f("pk_wrong_tries")),
    )
    op.create_index("ix_wrong_tries_since", "wrong_tries", ["since"])
    op.execute("GRANT SELECT ON wrong_tries TO dingdan_read")
