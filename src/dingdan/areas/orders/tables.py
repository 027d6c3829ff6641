"""Checkouts, orders and their lines."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, LargeBinary, Table, text

from dingdan.areas.orders.lifecycle import ORDER
from dingdan.areas.orders.model import CAUSES
from dingdan.plumbing.schema import (
    amount,
    count,
    document,
    key,
    metadata,
    moment,
    one_of,
    ref,
    small,
    state,
    version,
    word,
    words,
)

AMENDMENT_KINDS = ("lines_cancelled", "address_changed", "quantities_changed")

# One basket paid at once; it becomes one order per merchant.
checkouts = Table(
    "checkouts", metadata,
    key(),
    word("currency"),
    amount("total"),
    moment("at"),
)  # fmt: skip

orders = Table(
    "orders", metadata,
    key(),
    ref("merchant_id"),
    ref("checkout_id", ForeignKey("checkouts.id")),
    ref("channel_id"),
    ref("warehouse_id"),
    ref("buyer_id"),
    ref("contact_id"),
    *state(ORDER),
    version(),
    word("currency"),
    amount("goods"),
    amount("discount", default=0),
    amount("freight", default=0),
    amount("tax", default=0),
    amount("total"),
    amount("refunded", default=0),
    ref("policy_id"),
    word("policy_hash"),
    word("reference", nullable=True),
    # What the promise of its lines was computed from: carrier, service, days, calendar.
    document("promise", nullable=True),
    moment("placed_at"),
    moment("pay_by"),
    moment("paid_at", nullable=True),
    # Set when picking begins; from here on a cancellation is refused.
    moment("dispatch_locked_at", nullable=True),
    # Set while a second look is taken at a paid order: it is held, and only the look's end lets it go.
    moment("under_review_since", nullable=True),
    # Set while something about how the order came from its channel does not fit: only its cure lets it go on.
    moment("snagged_since", nullable=True),
    # Set while units of it are nowhere: it waits for them, or for the buyer's word about them.
    moment("short_since", nullable=True),
    moment("shipped_at", nullable=True),
    moment("delivered_at", nullable=True),
    moment("received_at", nullable=True),
    moment("completed_at", nullable=True),
    moment("cancelled_at", nullable=True),
    word("cancel_reason", nullable=True),
    # The unpaid order whose place this one took, where the buyer wanted other quantities.
    ref("replaces", ForeignKey("orders.id"), nullable=True),
    # Of what is sent for goods that come back the order in which they were first sold, however often they were exchanged.
    ref("first_order_id", ForeignKey("orders.id"), nullable=True),
    CheckConstraint("total = goods - discount + freight + tax AND total >= 0", name="adds_up"),
    CheckConstraint("under_review_since IS NULL OR state = 'held'", name="review_holds"),
    CheckConstraint("refunded >= 0 AND refunded <= total", name="refunded_fits"),
    CheckConstraint("first_order_id < id", name="first_came_first"),
    Index("ix_orders_merchant_id", "merchant_id", "id"),
    Index("ix_orders_buyer_id", "buyer_id", "id"),
    Index("ix_orders_checkout_id", "checkout_id"),
    Index("ix_orders_short", "merchant_id", "id", postgresql_where=text("short_since IS NOT NULL")),
    Index("uq_orders_replaces", "replaces", unique=True, postgresql_where=text("replaces IS NOT NULL")),
    Index("ix_orders_first_order_id", "first_order_id", postgresql_where=text("first_order_id IS NOT NULL")),
    Index("ix_orders_live", "merchant_id", "state", "id", postgresql_where=text(
        "state IN ('awaiting_payment', 'confirmed', 'held')")),
    # The views of the list, newest first, among however many orders: what is in a state, has not left, is on its way.
    Index("ix_orders_state", "state", "id"),
    Index("ix_orders_to_send", "id", postgresql_where=text("state IN ('confirmed', 'held') AND shipped_at IS NULL")),
    Index("ix_orders_on_the_way", "id", postgresql_where=text(
        "state = 'confirmed' AND shipped_at IS NOT NULL AND delivered_at IS NULL")),
    postgresql_with={"fillfactor": "80"},
)  # fmt: skip

# Never changed after placing, but for units that were cancelled, and for the promise, which goes with the address: what
# was sold, for how much, under which terms.
order_lines = Table(
    "order_lines", metadata,
    ref("order_id", ForeignKey("orders.id"), primary_key=True),
    small("line_no", primary_key=True),
    ref("merchant_id"),
    ref("product_id"),
    word("sku"),
    document("title"),
    word("category"),
    words("flags"),
    count("quantity"),
    amount("unit_price"),
    amount("goods"),
    amount("discount", default=0),
    amount("tax", default=0),
    # The buyer's own confirmation, for this purchase, that the line cannot be returned without a reason.
    word("confirmed_text", nullable=True),
    moment("confirmed_at", nullable=True),
    # By when it leaves and arrives, as it was promised when the order was placed.
    moment("ship_by", nullable=True),
    moment("arrive_by", nullable=True),
    # Units that were cancelled while the others went on; the only number here that grows.
    count("cancelled", default=0),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    CheckConstraint("cancelled >= 0 AND cancelled <= quantity", name="cancelled_fits"),
    CheckConstraint("goods = quantity * unit_price AND discount >= 0 AND discount <= goods", name="adds_up"),
    Index("ix_order_lines_product_id", "product_id", "order_id"),
)  # fmt: skip

# The order number a shop gave is unique per merchant, where it gave one.
order_references = Table(
    "order_references", metadata,
    ref("merchant_id", primary_key=True),
    word("reference", primary_key=True),
    ref("order_id"),
)  # fmt: skip

# What was changed about an order that goes on: units that were cancelled; another address (then the contact that it had
# before, and in `was` the promise); or other quantities (then of the order that took the other's place).
amendments = Table(
    "amendments", metadata,
    key(),
    ref("order_id", ForeignKey("orders.id")),
    ref("merchant_id"),
    word("kind"),
    word("reason"),
    document("units", nullable=True),
    ref("contact_id", nullable=True),
    document("was", nullable=True),
    # What the way to another address costs more and nobody has to pay.
    amount("waived", default=0),
    moment("at"),
    CheckConstraint("waived >= 0", name="waived_fits"),
    one_of("kind", AMENDMENT_KINDS),
    Index("ix_amendments_order_id", "order_id", "id"),
)  # fmt: skip

# What stands against completing an order; while one is open it cannot be completed and its clock of receipt stands
# still. `subject_id` is the order itself, a return or a case; the same one again is another round.
objections = Table(
    "objections", metadata,
    ref("order_id", ForeignKey("orders.id"), primary_key=True),
    word("cause", primary_key=True),
    ref("subject_id", primary_key=True),
    small("round", primary_key=True),
    ref("merchant_id"),
    word("reason"),
    # What the buyer said, under their key.
    Column("sealed", LargeBinary),
    moment("opened_at"),
    moment("settled_at", nullable=True),
    word("outcome", nullable=True),
    one_of("cause", CAUSES),
    CheckConstraint("(settled_at IS NULL) = (outcome IS NULL)", name="settled_with_outcome"),
    Index("uq_objections_open", "order_id", "cause", "subject_id", unique=True,
          postgresql_where=text("settled_at IS NULL")),
)  # fmt: skip

# What the staff wrote, in the buyer's seal. Never changed once sent, but that the archive alone keeps the words in the end.
order_notes = Table(
    "order_notes", metadata,
    key(),
    ref("order_id", ForeignKey("orders.id")),
    ref("merchant_id"),
    # Whether the buyer reads it as well.
    Column("is_shown", Boolean, nullable=False),
    Column("sealed", LargeBinary),
    word("said_by_kind"),
    ref("said_by", nullable=True),
    moment("at"),
    # Until when words for the buyer wait, and whoever wrote them can take them back.
    moment("held_until", nullable=True),
    CheckConstraint("held_until IS NULL OR is_shown", name="only_shown_wait"),
    Index("ix_order_notes_order_id", "order_id", "id"),
)  # fmt: skip

# Whom a note calls, until they have seen it.
note_mentions = Table(
    "note_mentions", metadata,
    ref("note_id", ForeignKey("order_notes.id"), primary_key=True),
    ref("staff_id", primary_key=True),
    ref("order_id"),
    ref("merchant_id"),
    moment("seen_at", nullable=True),
    Index("ix_note_mentions_order_id", "order_id"),
    Index("ix_note_mentions_open", "staff_id", "note_id", postgresql_where=text("seen_at IS NULL")),
)  # fmt: skip

order_tags = Table(
    "order_tags", metadata,
    ref("order_id", ForeignKey("orders.id"), primary_key=True),
    word("tag", primary_key=True),
    ref("merchant_id"),
    moment("at"),
    CheckConstraint("length(tag) BETWEEN 1 AND 30", name="short"),
    Index("ix_order_tags_tag", "tag", "order_id"),
)  # fmt: skip

# Who of the staff looks after an order; whoever was let go or may read no orders any more looks after none.
order_keepers = Table(
    "order_keepers", metadata,
    ref("order_id", ForeignKey("orders.id"), primary_key=True),
    ref("merchant_id"),
    ref("staff_id"),
    word("by_kind"),
    ref("by", nullable=True),
    moment("at"),
    Index("ix_order_keepers_staff_id", "staff_id", "order_id"),
)  # fmt: skip
