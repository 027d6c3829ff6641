"""What was to be sent for goods and never left: what a refund of them brings beside, and what it does not bring."""

from alembic import op

revision = "0038"
down_revision = "0037"

CAUSES = """
    'return', 'cancellation', 'amendment', 'excess', 'channel', 'case', 'penalty', 'kept', 'customs', 'exchange', 'unsent',
    'withheld'
"""
COMPONENTS = """
    'goods', 'freight_out', 'freight_return', 'tax', 'excess', 'deduction', 'penalty', 'freight_tax', 'reprice', 'withheld'
"""


def upgrade() -> None:
    """Go forward. Of exchanges that ended before nothing is known to be withheld: what they took stays taken."""
    for table, name, condition in (
        ("refunds", "cause_known", f"cause IN ({CAUSES})"),
        ("refund_lines", "component_known", f"component IN ({COMPONENTS})"),
    ):
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)
    op.drop_constraint(op.f("ck_refunds_amount_positive"), "refunds")
    op.create_check_constraint(op.f("ck_refunds_amount_fits"), "refunds", "amount >= 0")
    op.drop_constraint(op.f("uq_refunds_cause_cause_id"), "refunds")
    op.create_unique_constraint(
        op.f("uq_refunds_cause_cause_id_order_id"), "refunds", ["cause", "cause_id", "order_id"]
    )
