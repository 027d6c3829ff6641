"""The way back: addresses, labels, scans and strays; looks and pictures; goods that came back, and what became of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from dingdan.migrations.scripting import run_script, wall_in

revision = "0025"
down_revision = "0023"

KINDS = """
    'restock', 'repack', 'open_box', 'refurbish', 'vendor', 'liquidate', 'donate', 'scrap', 'send_back', 'quarantine'
"""
REASONS = """
    'receive', 'count', 'adjust', 'ship', 'hold', 'release', 'transfer_out', 'transfer_in', 'return_in', 'restock',
    'write_off', 'send_back', 'resell', 'hand_on'
"""
OCCASIONS = """
    'received', 'confirmed', 'amended', 'cancelled', 'expired', 'refunded', 'payment_failed', 'review_started', 'delayed',
    'receipt_announced', 'receipt_due_soon', 'deposit_paid', 'balance_opened', 'deposit_ended', 'return_approved',
    'return_due_soon', 'return_place_proposed', 'units_rejected', 'units_offered', 'units_unclaimed', 'case_opened',
    'case_updated', 'case_asked', 'case_offered', 'case_remedied', 'case_closed'
"""

# Whose fault a line is stood in the policy until now. What was inspected before is goods with a decision, or goods that
# wait for one; what they were worth was not booked then and is not booked now. Rows made here have small ids.
OVER = """
UPDATE return_lines l SET fault = COALESCE(p.document -> 'reasons' -> l.reason ->> 'fault', 'review')
FROM returns r JOIN policies p ON p.id = r.policy_id WHERE r.id = l.return_id;

UPDATE inspection_lines SET is_accepted = is_original AND intact;

INSERT INTO returned_goods (id, merchant_id, warehouse_id, order_id, line_no, return_id, inspection_id, product_id, quantity,
    open, is_ours, grade, value, currency, wanted, since, decide_by)
SELECT row_number() OVER (ORDER BY i.id, n.n), n.merchant_id, r.warehouse_id, i.order_id, n.line_no, r.id, i.id, l.product_id,
    n.quantity, CASE n.disposition WHEN 'quarantine' THEN n.quantity ELSE 0 END, n.is_accepted, n.grade, 0, o.currency,
    n.disposition, i.at, i.at + interval '72 hours'
FROM inspection_lines n JOIN inspections i ON i.id = n.inspection_id JOIN returns r ON r.id = i.return_id
JOIN return_lines l ON l.return_id = r.id AND l.line_no = n.line_no JOIN orders o ON o.id = i.order_id;

INSERT INTO dispositions (id, merchant_id, order_id, goods_id, kind, quantity, is_ours, value, recovered, at,
    decided_by_kind, decided_by)
SELECT g.id, g.merchant_id, g.order_id, g.id, g.wanted, g.quantity, g.is_ours, 0, 0, i.at, i.inspector_kind, i.inspector_id
FROM returned_goods g JOIN inspections i ON i.id = g.inspection_id WHERE g.wanted <> 'quarantine';

INSERT INTO return_addresses (return_id, version, merchant_id, order_id, address, at, noted_by_kind, answered_at, is_agreed)
SELECT r.id, 1, r.merchant_id, r.order_id, w.return_address, r.requested_at, 'system', r.requested_at, true
FROM returns r JOIN warehouses w ON w.id = r.warehouse_id
WHERE r.decision = 'approved' AND r.journey = 'at_buyer' AND r.outcome = 'open';
"""

HISTORY = """
CREATE TRIGGER dispositions_are_history BEFORE UPDATE OR DELETE ON dispositions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER dispositions_stay BEFORE TRUNCATE ON dispositions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER looks_are_history BEFORE UPDATE OR DELETE ON looks
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER looks_stay BEFORE TRUNCATE ON looks
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    """Go forward; what is on its way back, or was looked at, goes on where it stands."""
    _wider_returns()
    _wider_words()
    _looks()
    _goods()
    _way_back()
    wall_in(
        "looks", "inspection_pictures", "returned_goods", "dispositions", "return_addresses", "return_labels",
        "return_scans", "strays",
    )  # fmt: skip
    run_script(OVER)
    run_script(HISTORY)
    op.create_check_constraint(
        op.f("ck_inspection_lines_accepted_is_intact"),
        "inspection_lines",
        "NOT is_accepted OR is_original AND (intact OR is_from_transit)",
    )
    op.create_check_constraint(
        op.f("ck_inspection_lines_goes_to_its_owner"),
        "inspection_lines",
        "is_accepted = (disposition <> 'send_back') OR disposition = 'quarantine'",
    )


def _amount(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), server_default=sa.text("0"), nullable=False)


def _wider_returns() -> None:
    for name in ("label_cost", "postage_paid", "postage_owed", "gifts"):
        op.add_column("returns", _amount(name))
    op.add_column("returns", sa.Column("transit_risk", sa.Text(), nullable=True))
    op.add_column("returns", sa.Column("extended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("returns", sa.Column("paid_early_at", sa.DateTime(timezone=True), nullable=True))
    _check("returns", "transit_risk_known", "transit_risk IN ('ours', 'buyers')")
    _check("returns", "costs_fit", "label_cost >= 0 AND postage_paid >= 0 AND postage_owed >= 0 AND gifts >= 0")
    _check("returns", "early_has_a_refund", "paid_early_at IS NULL OR refund_id IS NOT NULL")
    _check_anew("returns", "journey_known", "journey IN ('at_buyer', 'sent', 'received', 'lapsed', 'lost')")
    op.add_column("return_lines", sa.Column("fault", sa.Text(), server_default=sa.text("'review'"), nullable=False))
    op.alter_column("return_lines", "fault", server_default=None)
    op.add_column("return_lines", sa.Column("lost", sa.Integer(), server_default=sa.text("0"), nullable=False))
    _check("return_lines", "fault_known", "fault IN ('buyer', 'seller', 'none', 'review')")
    _check("return_lines", "lost_fits", "lost >= 0 AND received + lost <= quantity")
    op.add_column("inspections", sa.Column("look_id", sa.BigInteger(), nullable=True))
    words = sa.text("'{}'")
    op.add_column(
        "inspection_lines",
        sa.Column("is_from_transit", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column(
        "inspection_lines", sa.Column("is_accepted", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.alter_column("inspection_lines", "is_accepted", server_default=None)
    op.add_column("inspection_lines", sa.Column("checks", postgresql.JSONB(), nullable=True))
    op.add_column("inspection_lines", sa.Column("serials", sa.ARRAY(sa.Text()), server_default=words, nullable=False))
    op.add_column("inspection_lines", sa.Column("grams", sa.Integer(), nullable=True))
    op.add_column(
        "inspection_lines",
        sa.Column("missing", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
    )
    op.add_column("inspection_lines", sa.Column("fault", sa.Text(), nullable=True))
    op.add_column("inspection_lines", sa.Column("tags", sa.ARRAY(sa.Text()), server_default=words, nullable=False))
    _check_anew("inspection_lines", "disposition_known", f"disposition IN ({KINDS})")


def _wider_words() -> None:
    op.add_column("claims", sa.Column("return_parcel_id", sa.BigInteger(), nullable=True))
    op.alter_column("claims", "parcel_id", nullable=True)
    op.create_unique_constraint(op.f("uq_claims_return_parcel_id"), "claims", ["return_parcel_id"])
    _check("claims", "of_one_parcel", "(parcel_id IS NULL) <> (return_parcel_id IS NULL)")
    _check_anew("movements", "reason_known", f"reason IN ({REASONS})")
    _check_anew(
        "refunds",
        "cause_known",
        "cause IN ('return', 'cancellation', 'amendment', 'excess', 'channel', 'case', 'penalty', 'kept')",
    )
    _check_anew("confirmations", "occasion_known", f"occasion IN ({OCCASIONS})")


def _check(table: str, name: str, condition: str) -> None:
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)


def _check_anew(table: str, name: str, condition: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    _check(table, name, condition)


def _looks() -> None:
    op.create_table(
        "looks",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("return_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("findings", postgresql.JSONB(), nullable=False),
        sa.Column("reasons", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by_kind", sa.Text(), nullable=False),
        sa.Column("taken_by", sa.BigInteger(), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=True),
        sa.Column("first_by_kind", sa.Text(), nullable=True),
        sa.Column("first_by", sa.BigInteger(), nullable=True),
        sa.Column("agrees", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'second') = (first_id IS NOT NULL)"
            " AND (first_id IS NULL) = (first_by IS NULL)"
            " AND (first_id IS NULL) = (first_by_kind IS NULL)"
            " AND (first_id IS NULL) = (agrees IS NULL)",
            name=op.f("ck_looks_second_follows_first"),
        ),
        sa.CheckConstraint("kind IN ('first', 'second', 'lab')", name=op.f("ck_looks_kind_known")),
        sa.CheckConstraint(
            "first_id IS NULL OR taken_by_kind <> first_by_kind OR taken_by <> first_by",
            name=op.f("ck_looks_by_two_people"),
        ),
        sa.ForeignKeyConstraint(["first_id"], ["looks.id"], name=op.f("fk_looks_first_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_looks")),
    )
    op.create_index("ix_looks_order_id", "looks", ["order_id"], unique=False)
    op.create_index(
        "uq_looks_return_id_kind",
        "looks",
        ["return_id", "kind"],
        unique=True,
        postgresql_where=sa.text("kind <> 'lab'"),
    )
    op.create_table(
        "inspection_pictures",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("return_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.SmallInteger(), server_default=sa.text("0"), autoincrement=False, nullable=False),
        sa.Column("shows", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("taken_by_kind", sa.Text(), nullable=False),
        sa.Column("taken_by", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "sha256 ~ '^[0-9a-f]{64}$' AND size > 0 AND width > 0 AND height > 0",
            name=op.f("ck_inspection_pictures_is_whole"),
        ),
        sa.CheckConstraint(
            "shows IN ('unpacking', 'deviation', 'serial')", name=op.f("ck_inspection_pictures_shows_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_pictures")),
    )
    op.create_index("ix_inspection_pictures_order_id", "inspection_pictures", ["order_id", "id"], unique=False)
    op.create_index(
        "uq_inspection_pictures_return_id_sha256", "inspection_pictures", ["return_id", "sha256"], unique=True
    )


def _goods() -> None:
    op.create_table(
        "returned_goods",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("warehouse_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("return_id", sa.BigInteger(), nullable=False),
        sa.Column("inspection_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.Column("is_ours", sa.Boolean(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("tags", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decide_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("store_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offered", sa.BigInteger(), nullable=True),
        sa.Column("choice", sa.Text(), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_with", sa.BigInteger(), nullable=True),
        sa.Column("reminded", sa.SmallInteger(), server_default=sa.text("0"), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "choice IN ('goods_sent_back', 'price_reduction', 'dispute')", name=op.f("ck_returned_goods_choice_known")
        ),
        sa.CheckConstraint("grade IN ('A', 'B', 'C', 'D')", name=op.f("ck_returned_goods_grade_known")),
        sa.CheckConstraint(
            "paid_with IS NULL OR is_ours AND choice = 'price_reduction' AND offered > 0",
            name=op.f("ck_returned_goods_kept_for_money"),
        ),
        sa.CheckConstraint(
            "wanted IN ('restock', 'repack', 'open_box', 'refurbish', 'vendor', 'liquidate', "
            "'donate', 'scrap', 'send_back', 'quarantine')",
            name=op.f("ck_returned_goods_wanted_known"),
        ),
        sa.CheckConstraint("(choice IS NULL) = (chosen_at IS NULL)", name=op.f("ck_returned_goods_chosen_at_a_time")),
        sa.CheckConstraint(
            "quantity > 0 AND open >= 0 AND open <= quantity AND value >= 0", name=op.f("ck_returned_goods_units_fit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returned_goods")),
    )
    op.create_index(
        "ix_returned_goods_open",
        "returned_goods",
        ["merchant_id", "since", "id"],
        unique=False,
        postgresql_where=sa.text("open > 0"),
    )
    op.create_index("ix_returned_goods_order_id", "returned_goods", ["order_id"], unique=False)
    op.create_index("ix_returned_goods_return_id", "returned_goods", ["return_id"], unique=False)
    op.create_table(
        "dispositions",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("goods_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("is_ours", sa.Boolean(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("recovered", sa.BigInteger(), nullable=False),
        sa.Column("sold_as", sa.BigInteger(), nullable=True),
        sa.Column("is_wiped", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("witnessed_by", sa.BigInteger(), nullable=True),
        sa.Column("certificate", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_kind", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(kind IN ('open_box', 'refurbish')) = (sold_as IS NOT NULL)",
            name=op.f("ck_dispositions_second_hand_is_marked"),
        ),
        sa.CheckConstraint(
            "(witnessed_by IS NULL) = (certificate IS NULL)"
            " AND (witnessed_by IS NULL OR kind = 'scrap')"
            " AND (kind <> 'scrap' OR value = 0 OR witnessed_by IS NOT NULL)"
            " AND (witnessed_by IS NULL OR decided_by_kind <> 'staff' OR decided_by <> witnessed_by)",
            name=op.f("ck_dispositions_witnessed_by_another"),
        ),
        sa.CheckConstraint("is_ours = (kind <> 'send_back')", name=op.f("ck_dispositions_goes_to_its_owner")),
        sa.CheckConstraint(
            "kind IN ('restock', 'repack', 'open_box', 'refurbish', 'vendor', 'liquidate', "
            "'donate', 'scrap', 'send_back')",
            name=op.f("ck_dispositions_kind_known"),
        ),
        sa.CheckConstraint(
            "quantity > 0 AND value >= 0 AND recovered >= 0 AND recovered <= value",
            name=op.f("ck_dispositions_amounts_fit"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispositions")),
    )
    op.create_index("ix_dispositions_goods_id", "dispositions", ["goods_id"], unique=False)
    op.create_index("ix_dispositions_order_id", "dispositions", ["order_id"], unique=False)


def _way_back() -> None:
    op.create_table(
        "return_addresses",
        sa.Column("return_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("address", postgresql.JSONB(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by_kind", sa.Text(), nullable=False),
        sa.Column("noted_by", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_agreed", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (is_agreed IS NULL)", name=op.f("ck_return_addresses_answered_at_a_time")
        ),
        sa.CheckConstraint("version > 1 OR is_agreed", name=op.f("ck_return_addresses_first_holds")),
        sa.ForeignKeyConstraint(["return_id"], ["returns.id"], name=op.f("fk_return_addresses_return_id")),
        sa.PrimaryKeyConstraint("return_id", "version", name=op.f("pk_return_addresses")),
    )
    op.create_index("ix_return_addresses_order_id", "return_addresses", ["order_id"], unique=False)
    op.create_index(
        "uq_return_addresses_asked",
        "return_addresses",
        ["return_id"],
        unique=True,
        postgresql_where=sa.text("is_agreed IS NULL"),
    )
    op.create_table(
        "return_labels",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("warehouse_id", sa.BigInteger(), nullable=False),
        sa.Column("return_ids", sa.ARRAY(sa.BigInteger()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("tracking_number", sa.Text(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("insurance_cost", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("pick_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declared_value", sa.BigInteger(), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by_kind", sa.Text(), nullable=False),
        sa.Column("noted_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "cost >= 0 AND insurance_cost >= 0 AND (declared_value IS NULL OR declared_value > 0)"
            " AND cardinality(return_ids) > 0",
            name=op.f("ck_return_labels_amounts_fit"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_labels")),
        sa.UniqueConstraint("carrier", "tracking_number", name=op.f("uq_return_labels_carrier_tracking_number")),
    )
    op.create_index(
        "ix_return_labels_return_ids", "return_labels", ["return_ids"], unique=False, postgresql_using="gin"
    )
    op.create_table(
        "return_scans",
        sa.Column("return_parcel_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(
            ["return_parcel_id"], ["return_parcels.id"], name=op.f("fk_return_scans_return_parcel_id")
        ),
        sa.PrimaryKeyConstraint("return_parcel_id", "event_id", name=op.f("pk_return_scans")),
    )
    op.create_table(
        "strays",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("warehouse_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=True),
        sa.Column("tracking_number", sa.Text(), nullable=True),
        sa.Column("grams", sa.Integer(), nullable=True),
        sa.Column("is_empty", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by_kind", sa.Text(), nullable=False),
        sa.Column("noted_by", sa.BigInteger(), nullable=True),
        sa.Column("match_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("return_id", sa.BigInteger(), nullable=True),
        sa.Column("found_by", sa.Text(), nullable=True),
        sa.Column("closed_because", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state IN ('matched', 'closed')) = (ended_at IS NOT NULL)"
            " AND (state = 'closed') = (closed_because IS NOT NULL)"
            " AND (state <> 'matched' OR return_id IS NOT NULL)"
            " AND (return_id IS NULL OR order_id IS NOT NULL)",
            name=op.f("ck_strays_ends_fit"),
        ),
        sa.CheckConstraint(
            "closed_because IN ('sent_on', 'not_ours', 'empty', 'refused')", name=op.f("ck_strays_closed_because_known")
        ),
        sa.CheckConstraint(
            "found_by IN ('waybill', 'order', 'phone', 'person')", name=op.f("ck_strays_found_by_known")
        ),
        sa.CheckConstraint("state IN ('open', 'asked', 'matched', 'closed')", name=op.f("ck_strays_state_known")),
        sa.CheckConstraint(
            "(carrier IS NULL) = (tracking_number IS NULL) AND (grams IS NULL OR grams > 0)",
            name=op.f("ck_strays_is_whole"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strays")),
    )
    op.create_index(
        "ix_strays_open",
        "strays",
        ["merchant_id", "match_by", "id"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_strays_order_id", "strays", ["order_id"], unique=False, postgresql_where=sa.text("order_id IS NOT NULL")
    )
    op.create_index("uq_strays_tracking_number", "strays", ["merchant_id", "carrier", "tracking_number"], unique=True)
