"""Signs about buyers, flags made from them, what followed, and evidence that was handed over."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, Table, UniqueConstraint, text

from dingdan.areas.abuse.lifecycle import ABUSE_FLAG
from dingdan.areas.abuse.model import Measure, SignalKind
from dingdan.plumbing.schema import (
    count,
    document,
    key,
    metadata,
    moment,
    one_of,
    ref,
    refs,
    small,
    state,
    version,
    word,
)

# In these words the indexes know themselves.
LIVING = "state IN ('open', 'asked', 'signed', 'confirmed', 'appealed')"

# Of one buyer of one merchant, and never known to another merchant.
abuse_flags = Table(
    "abuse_flags", metadata,
    key(),
    ref("merchant_id"),
    ref("buyer_id"),
    *state(ABUSE_FLAG),
    version(),
    count("score"),
    small("level"),
    # How many signs it was made from so far: whoever decides says how many they saw.
    count("parts"),
    # The level that people confirmed; 0 before.
    small("confirmed_level", default=0),
    moment("opened_at"),
    moment("expires_at"),
    moment("asked_at", nullable=True),
    Column("asked_sealed", LargeBinary),
    moment("appealed_at", nullable=True),
    Column("appeal_sealed", LargeBinary),
    word("signed_by_kind", nullable=True),
    ref("signed_by", nullable=True),
    # The last word of a person, if there is one.
    word("decided_by_kind", nullable=True),
    ref("decided_by", nullable=True),
    moment("decided_at", nullable=True),
    word("lift_reason", nullable=True),
    moment("ended_at", nullable=True),
    CheckConstraint("expires_at > opened_at AND expires_at <= opened_at + interval '180 days'", name="expires"),
    CheckConstraint("level BETWEEN 1 AND 3 AND score > 0 AND parts > 0", name="has_weight"),
    CheckConstraint("confirmed_level BETWEEN 0 AND 3", name="confirmed_level_fits"),
    CheckConstraint("(ended_at IS NOT NULL) = (state IN ('lifted', 'expired'))", name="ended_has_moment"),
    CheckConstraint("(lift_reason IS NOT NULL) = (state = 'lifted')", name="lifted_has_reason"),
    CheckConstraint("state <> 'confirmed' OR decided_by IS NOT NULL AND confirmed_level > 0", name="confirmed_by_somebody"),
    CheckConstraint("state <> 'confirmed' OR signed_by IS NULL OR decided_by <> signed_by OR decided_by_kind <> signed_by_kind",
                    name="four_eyes"),
    Index("uq_abuse_flags_living", "buyer_id", unique=True, postgresql_where=text(LIVING)),
    Index("ix_abuse_flags_merchant_id", "merchant_id", "id"),
    Index("ix_abuse_flags_buyer_id", "buyer_id", "id"),
)  # fmt: skip

# Never changed, but for the flag that it went into and whether it still counts.
abuse_signals = Table(
    "abuse_signals", metadata,
    key(),
    ref("merchant_id"),
    ref("buyer_id"),
    ref("flag_id", ForeignKey("abuse_flags.id"), nullable=True),
    word("kind"),
    count("points"),
    # What it was reckoned from: a return, a case, a picture, another flag.
    word("subject"),
    ref("subject_id"),
    ref("order_id", nullable=True),
    document("found"),
    moment("happened_at"),
    moment("noticed_at"),
    moment("expires_at"),
    moment("dismissed_at", nullable=True),
    one_of("kind", SignalKind),
    CheckConstraint("points > 0", name="has_weight"),
    CheckConstraint("expires_at <= happened_at + interval '180 days'", name="expires"),
    UniqueConstraint("buyer_id", "kind", "subject_id"),
    Index("ix_abuse_signals_flag_id", "flag_id"),
)  # fmt: skip

# What a flag did, and to what: each once.
abuse_measures = Table(
    "abuse_measures", metadata,
    key(),
    ref("merchant_id"),
    ref("flag_id", ForeignKey("abuse_flags.id")),
    word("measure"),
    ref("order_id"),
    word("subject"),
    ref("subject_id"),
    moment("at"),
    one_of("measure", Measure),
    UniqueConstraint("flag_id", "measure", "subject_id"),
    Index("ix_abuse_measures_subject_id", "subject_id"),
)  # fmt: skip

# Never changed.
abuse_handovers = Table(
    "abuse_handovers", metadata,
    key(),
    ref("merchant_id"),
    ref("flag_id", ForeignKey("abuse_flags.id")),
    word("reason"),
    word("authority"),
    refs("order_ids"),
    word("by_kind"),
    ref("by"),
    moment("at"),
    one_of("reason", ("fraud", "extortion")),
    Index("ix_abuse_handovers_flag_id", "flag_id"),
)  # fmt: skip
