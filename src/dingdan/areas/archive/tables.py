"""Bundles, their chains, and what the archive knows about each order. A bundle is never changed and never deleted."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, LargeBinary, Table, UniqueConstraint, text

from dingdan.areas.archive.model import BundleKind
from dingdan.plumbing.schema import count, key, metadata, moment, one_of, ref, word, words

bundles = Table(
    "bundles", metadata,
    key(),
    ref("order_id"),
    ref("merchant_id"),
    word("kind"),
    # Its place in the chain of its merchant, from 1 without a gap.
    Column("number", BigInteger, nullable=False),
    # Text and not a document, since its bytes are what is hashed.
    word("envelope"),
    Column("hash", LargeBinary, nullable=False),
    Column("facts", LargeBinary, nullable=False),
    Column("people", LargeBinary),
    moment("at"),
    one_of("kind", BundleKind),
    CheckConstraint("hash = sha256(convert_to(envelope, 'UTF8'))", name="hash_is_the_envelopes"),
    UniqueConstraint("merchant_id", "number"),
    Index("ix_bundles_order_id", "order_id", "id"),
    Index("uq_bundles_first", "order_id", unique=True, postgresql_where=text("kind = 'bundle'")),
)  # fmt: skip

# The last link of each merchant's chain: whoever adds one locks it.
archive_chains = Table(
    "archive_chains", metadata,
    ref("merchant_id", primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)  # fmt: skip

archived_orders = Table(
    "archived_orders", metadata,
    ref("order_id", primary_key=True),
    ref("merchant_id"),
    ref("buyer_id"),
    # The order's own key, wrapped by ours and sealed under the buyer's.
    Column("sealed_key", LargeBinary),
    moment("kept_at"),
    moment("erase_after"),
    moment("put_away_at", nullable=True),
    moment("erased_at", nullable=True),
    CheckConstraint("erased_at IS NULL OR sealed_key IS NULL AND put_away_at IS NOT NULL", name="erased_has_no_key"),
    Index("ix_archived_orders_merchant_id", "merchant_id", "order_id"),
    Index("ix_archived_orders_buyer_id", "buyer_id"),
)  # fmt: skip

archive_failures = Table(
    "archive_failures", metadata,
    ref("order_id", primary_key=True),
    ref("merchant_id"),
    words("missing"),
    count("attempts", default=1),
    moment("first_at"),
    moment("last_at"),
    Index("ix_archive_failures_merchant_id", "merchant_id", "order_id"),
)  # fmt: skip

legal_holds = Table(
    "legal_holds", metadata,
    key(),
    ref("order_id"),
    ref("merchant_id"),
    word("reason"),
    moment("set_at"),
    ref("set_by", nullable=True),
    moment("lifted_at", nullable=True),
    ref("lifted_by", nullable=True),
    word("lift_reason", nullable=True),
    CheckConstraint("(lifted_at IS NULL) = (lift_reason IS NULL)", name="lifted_with_reason"),
    Index("uq_legal_holds_open", "order_id", unique=True, postgresql_where=text("lifted_at IS NULL")),
    Index("ix_legal_holds_order_id", "order_id"),
)  # fmt: skip
