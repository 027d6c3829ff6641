"""Staff, keys, buyers, and the sealed words about people."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, LargeBinary, Table, UniqueConstraint, text

from dingdan.plumbing.schema import key, metadata, moment, ref, word, words

staff = Table(
    "staff", metadata,
    key(),
    ref("merchant_id", nullable=True),
    word("login", unique=True),
    word("name"),
    words("roles"),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    moment("created_at"),
)  # fmt: skip

api_keys = Table(
    "api_keys", metadata,
    key(),
    ref("merchant_id", nullable=True),
    ref("staff_id", nullable=True),
    word("name"),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    words("scopes"),
    moment("created_at"),
    moment("revoked_at", nullable=True),
    moment("expires_at", nullable=True),
    # Written at most once a minute.
    moment("last_used_at", nullable=True),
    ref("successor_id", ForeignKey("api_keys.id"), nullable=True),
    CheckConstraint("expires_at > created_at", name="works_for_a_while"),
    Index("ix_api_keys_expires_at", "expires_at", postgresql_where=text("revoked_at IS NULL")),
)  # fmt: skip

# A buyer of one merchant; `ref_hash` finds them by the name the shop gave them, `sealed` holds that name.
# Of a forgotten buyer both are overwritten: an order placed later makes a new buyer, not linked to the old one.
buyers = Table(
    "buyers", metadata,
    key(),
    ref("merchant_id"),
    Column("ref_hash", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    moment("created_at"),
    moment("forgotten_at", nullable=True),
    UniqueConstraint("merchant_id", "ref_hash"),
)  # fmt: skip

# Where one order goes, frozen. Only the region is readable; the rest is sealed under the buyer's key.
contacts = Table(
    "contacts", metadata,
    key(),
    ref("merchant_id"),
    ref("buyer_id"),
    word("country"),
    word("province"),
    word("city"),
    Column("sealed", LargeBinary, nullable=False),
    Column("phone_hash", LargeBinary, nullable=False),
    Column("phone_tail_hash", LargeBinary, nullable=False),
    Column("name_hash", LargeBinary, nullable=False),
    # By which buyers at one address or on one device are found; empty where there is none, or since before it was kept.
    Column("address_hash", LargeBinary, nullable=False, server_default=text("''")),
    Column("device_hash", LargeBinary, nullable=False, server_default=text("''")),
    moment("created_at"),
    Index("ix_contacts_phone_hash", "merchant_id", "phone_hash"),
    # Whoever answers a call finds the order by what the caller says.
    Index("ix_contacts_phone_tail_hash", "merchant_id", "phone_tail_hash", postgresql_where=text("phone_tail_hash <> ''")),
    Index("ix_contacts_name_hash", "merchant_id", "name_hash", postgresql_where=text("name_hash <> ''")),
    Index("ix_contacts_address_hash", "merchant_id", "address_hash", "id", postgresql_where=text("address_hash <> ''")),
    Index("ix_contacts_device_hash", "merchant_id", "device_hash", "id", postgresql_where=text("device_hash <> ''")),
    Index("ix_contacts_buyer_id", "buyer_id"),
)  # fmt: skip

# One wrapped key per person; destroying the row destroys everything sealed under it.
subject_keys = Table(
    "subject_keys", metadata,
    key("subject_id"),
    Column("wrapped", LargeBinary, nullable=False),
    moment("created_at"),
)  # fmt: skip
