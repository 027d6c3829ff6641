"""Secrets of staff, their sessions and invitations, and what renews the links of guests. Readers see none of it."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Index, LargeBinary, Table, text

from dingdan.plumbing.schema import count, key, metadata, moment, ref, small, word

# Only hashes of passwords; the second factor is sealed under a key of this row.
staff_secrets = Table(
    "staff_secrets", metadata,
    key("staff_id"),
    word("password_hash", nullable=True),
    Column("wrapped", LargeBinary),
    Column("totp", LargeBinary),
    Column("totp_is_confirmed", Boolean, nullable=False, server_default=text("false")),
    # The time step of the last code that was taken: none is taken twice.
    Column("counter", BigInteger, nullable=False, server_default=text("0")),
    CheckConstraint("(totp IS NULL) <= NOT totp_is_confirmed", name="only_what_is_there_is_confirmed"),
    CheckConstraint("totp IS NULL OR wrapped IS NOT NULL", name="sealed_under_a_key"),
)  # fmt: skip

# Wrong attempts in a row: of strangers for a login, whether somebody has it or not, of a known device, or within a session.
# Only a digest of which it is.
sign_in_tries = Table(
    "sign_in_tries", metadata,
    Column("about", LargeBinary, primary_key=True),
    count("failed", default=0),
    moment("locked_until", nullable=True),
    moment("tried_at"),
    CheckConstraint("failed >= 0", name="failed_counts"),
    Index("ix_sign_in_tries_tried_at", "tried_at"),
)  # fmt: skip

sessions = Table(
    "sessions", metadata,
    key(),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    ref("staff_id"),
    word("device"),
    moment("begun_at"),
    moment("seen_at"),
    moment("proved_at"),
    moment("ends_at"),
    moment("ended_at", nullable=True),
    CheckConstraint("ends_at > begun_at", name="lasts"),
    Index("ix_sessions_staff_id", "staff_id", postgresql_where=text("ended_at IS NULL")),
)  # fmt: skip

invitations = Table(
    "invitations", metadata,
    key("staff_id"),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    moment("expires_at"),
    moment("used_at", nullable=True),
)  # fmt: skip

# The link of an order is signed, not stored; renewing it counts up here, and what was signed before opens nothing.
guest_links = Table(
    "guest_links", metadata,
    key("order_id"),
    count("renewed"),
    CheckConstraint("renewed > 0", name="renewed_counts"),
)  # fmt: skip

# The last code that was sent for an order: which one, never its digits, which follow from the house's key.
guest_codes = Table(
    "guest_codes", metadata,
    key("order_id"),
    count("number"),
    moment("asked_at"),
    small("wrong", default=0),
    moment("ended_at", nullable=True),
    # How many were asked for since when: few enough that guessing is hopeless.
    moment("counted_since"),
    small("counted"),
    CheckConstraint("number > 0", name="number_counts"),
    CheckConstraint("wrong BETWEEN 0 AND 5", name="few_tries"),
    CheckConstraint("counted BETWEEN 1 AND 3", name="few_an_hour"),
)  # fmt: skip
