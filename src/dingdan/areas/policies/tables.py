"""Return policies, each version for ever, and the life of each."""

from sqlalchemy import Index, Table, UniqueConstraint, text

from dingdan.areas.policies.lifecycle import EDITION
from dingdan.plumbing.schema import document, key, metadata, moment, ref, state, version, word

# What was announced, whole. merchant_id NULL: a pack that ships with the program and is open to every merchant.
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
    # Set where it was taken back before it applied to anybody.
    moment("withdrawn_at", nullable=True),
    UniqueConstraint("merchant_id", "code", "version", postgresql_nulls_not_distinct=True),
)  # fmt: skip

# Every version from its first draft on, under the id that the policy will have. `given` is what was written: all of it,
# or what is different from the version that it extends; as long as it is a draft that is all there is.
policy_editions = Table(
    "policy_editions", metadata,
    key(),
    ref("merchant_id", nullable=True),
    word("code"),
    word("label"),
    *state(EDITION),
    version(),
    word("extends", nullable=True),
    document("given", nullable=True),
    moment("drafted_at"),
    moment("announced_at", nullable=True),
    moment("began_at", nullable=True),
    moment("ended_at", nullable=True),
    UniqueConstraint("merchant_id", "code", "label", postgresql_nulls_not_distinct=True),
    Index("ix_policy_editions_merchant_id", "merchant_id", "id"),
    # What applies now, at most one of each code.
    Index("uq_policy_editions_in_force", "merchant_id", "code", unique=True, postgresql_nulls_not_distinct=True,
          postgresql_where=text("state = 'in_force'")),
)  # fmt: skip

# Orders whose buyers were not told of their right to return when they bought, and since when they know, if they do.
late_notices = Table(
    "late_notices", metadata,
    ref("order_id", primary_key=True),
    ref("merchant_id"),
    moment("told_at", nullable=True),
    moment("noted_at"),
)  # fmt: skip
