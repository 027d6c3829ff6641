"""Return policies, each version for ever."""

from sqlalchemy import Table, UniqueConstraint

from dingdan.plumbing.schema import document, key, metadata, moment, ref, word

# merchant_id NULL: a pack that ships with the program and is open to every merchant.
policies = Table(
    "policies", metadata,
    key(),
    ref("merchant_id", nullable=True),
    word("code"),
    word("version"),
    word("hash"),
    document("document"),
    moment("effective_from"),
    moment("created_at"),
    UniqueConstraint("merchant_id", "code", "version", postgresql_nulls_not_distinct=True),
)  # fmt: skip
