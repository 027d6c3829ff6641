"""Signs that somebody does not play fair, flags made from them, what followed, and evidence that was handed over."""

from dingdan.migrations.scripting import run_script, wall_in

revision = "0034"
down_revision = "0033"

SCHEMA = """
CREATE TABLE abuse_flags (
    id BIGINT NOT NULL,
    merchant_id BIGINT NOT NULL,
    buyer_id BIGINT NOT NULL,
    state TEXT DEFAULT 'open' NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    score INTEGER NOT NULL,
    level SMALLINT NOT NULL,
    parts INTEGER NOT NULL,
    confirmed_level SMALLINT DEFAULT 0 NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE,
    asked_sealed BYTEA,
    appealed_at TIMESTAMP WITH TIME ZONE,
    appeal_sealed BYTEA,
    signed_by_kind TEXT,
    signed_by BIGINT,
    decided_by_kind TEXT,
    decided_by BIGINT,
    decided_at TIMESTAMP WITH TIME ZONE,
    lift_reason TEXT,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_abuse_flags PRIMARY KEY (id),
    CONSTRAINT ck_abuse_flags_state_known
        CHECK (state IN ('open', 'asked', 'signed', 'confirmed', 'appealed', 'lifted', 'expired')),
    CONSTRAINT ck_abuse_flags_expires CHECK (expires_at > opened_at AND expires_at <= opened_at + interval '180 days'),
    CONSTRAINT ck_abuse_flags_has_weight CHECK (level BETWEEN 1 AND 3 AND score > 0 AND parts > 0),
    CONSTRAINT ck_abuse_flags_confirmed_level_fits CHECK (confirmed_level BETWEEN 0 AND 3),
    CONSTRAINT ck_abuse_flags_ended_has_moment CHECK ((ended_at IS NOT NULL) = (state IN ('lifted', 'expired'))),
    CONSTRAINT ck_abuse_flags_lifted_has_reason CHECK ((lift_reason IS NOT NULL) = (state = 'lifted')),
    CONSTRAINT ck_abuse_flags_confirmed_by_somebody
        CHECK (state <> 'confirmed' OR decided_by IS NOT NULL AND confirmed_level > 0),
    CONSTRAINT ck_abuse_flags_four_eyes
        CHECK (state <> 'confirmed' OR signed_by IS NULL OR decided_by <> signed_by
                        OR decided_by_kind <> signed_by_kind)
);
CREATE INDEX ix_abuse_flags_buyer_id ON abuse_flags (buyer_id, id);
CREATE INDEX ix_abuse_flags_merchant_id ON abuse_flags (merchant_id, id);
CREATE UNIQUE INDEX uq_abuse_flags_living ON abuse_flags (buyer_id)
    WHERE state IN ('open', 'asked', 'signed', 'confirmed', 'appealed');

CREATE TABLE abuse_signals (
    id BIGINT NOT NULL,
    merchant_id BIGINT NOT NULL,
    buyer_id BIGINT NOT NULL,
    flag_id BIGINT,
    kind TEXT NOT NULL,
    points INTEGER NOT NULL,
    subject TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    order_id BIGINT,
    found JSONB NOT NULL,
    happened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    noticed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    dismissed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_abuse_signals PRIMARY KEY (id),
    CONSTRAINT ck_abuse_signals_kind_known
        CHECK (kind IN ('return_rate', 'wardrobing', 'swapped_item', 'weight_differs', 'empty_parcel',
                        'not_received', 'evidence_reused', 'linked_account', 'bulk_returns')),
    CONSTRAINT ck_abuse_signals_has_weight CHECK (points > 0),
    CONSTRAINT ck_abuse_signals_expires CHECK (expires_at <= happened_at + interval '180 days'),
    CONSTRAINT uq_abuse_signals_buyer_id_kind_subject_id UNIQUE (buyer_id, kind, subject_id),
    CONSTRAINT fk_abuse_signals_flag_id FOREIGN KEY(flag_id) REFERENCES abuse_flags (id)
);
CREATE INDEX ix_abuse_signals_flag_id ON abuse_signals (flag_id);

CREATE TABLE abuse_measures (
    id BIGINT NOT NULL,
    merchant_id BIGINT NOT NULL,
    flag_id BIGINT NOT NULL,
    measure TEXT NOT NULL,
    order_id BIGINT NOT NULL,
    subject TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_abuse_measures PRIMARY KEY (id),
    CONSTRAINT ck_abuse_measures_measure_known CHECK (measure IN ('extra_look', 'hold_early', 'person', 'no_extras')),
    CONSTRAINT uq_abuse_measures_flag_id_measure_subject_id UNIQUE (flag_id, measure, subject_id),
    CONSTRAINT fk_abuse_measures_flag_id FOREIGN KEY(flag_id) REFERENCES abuse_flags (id)
);
CREATE INDEX ix_abuse_measures_subject_id ON abuse_measures (subject_id);

CREATE TABLE abuse_handovers (
    id BIGINT NOT NULL,
    merchant_id BIGINT NOT NULL,
    flag_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    authority TEXT NOT NULL,
    order_ids BIGINT[] DEFAULT '{}' NOT NULL,
    by_kind TEXT NOT NULL,
    by BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_abuse_handovers PRIMARY KEY (id),
    CONSTRAINT ck_abuse_handovers_reason_known CHECK (reason IN ('fraud', 'extortion')),
    CONSTRAINT fk_abuse_handovers_flag_id FOREIGN KEY(flag_id) REFERENCES abuse_flags (id)
);
CREATE INDEX ix_abuse_handovers_flag_id ON abuse_handovers (flag_id);

-- What happened before is not looked at: only new facts make anybody look.
INSERT INTO reaction_cursors (reaction, position)
SELECT unnest(ARRAY['abuse.look', 'identity.lift_flags']), COALESCE(max(position), 0) FROM facts HAVING count(*) > 0
ON CONFLICT DO NOTHING;
"""


def upgrade() -> None:
    """Go forward. Nobody is flagged for what was before."""
    run_script(SCHEMA)
    wall_in("abuse_flags", "abuse_signals", "abuse_measures", "abuse_handovers")
