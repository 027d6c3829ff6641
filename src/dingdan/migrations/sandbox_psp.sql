-- The sandbox provider's own world. It keeps books of its own in a schema of its own; no key of ours points in here
-- and none of its keys points out, so that the two can be compared.

CREATE SCHEMA sandbox_psp;

-- `number` is our payment id: the provider is idempotent by it. A charge closed before it was ever asked for is kept
-- as voided, so that a call that arrives late charges nothing.
CREATE TABLE sandbox_psp.charges (
    number bigint CONSTRAINT pk_charges PRIMARY KEY,
    ref text NOT NULL CONSTRAINT uq_charges_ref UNIQUE,
    method text NOT NULL,
    state text NOT NULL CONSTRAINT ck_charges_state_known CHECK (state IN ('pending', 'captured', 'failed', 'voided')),
    amount bigint NOT NULL CONSTRAINT ck_charges_amount_positive CHECK (amount > 0),
    currency text NOT NULL,
    shares jsonb NOT NULL,
    came bigint NOT NULL DEFAULT 0,
    came_currency text NOT NULL DEFAULT '',
    refunded bigint NOT NULL DEFAULT 0,
    refunds integer NOT NULL DEFAULT 0,
    failure text NOT NULL DEFAULT '',
    made_at timestamptz NOT NULL,
    captured_at timestamptz,
    CONSTRAINT ck_charges_refunded_fits CHECK (refunded BETWEEN 0 AND came)
);

-- `number` is our send-back id; a failed refund asked for again under its number is tried again.
CREATE TABLE sandbox_psp.refunds (
    number bigint CONSTRAINT pk_refunds PRIMARY KEY,
    ref text NOT NULL CONSTRAINT uq_refunds_ref UNIQUE,
    charge bigint NOT NULL,
    state text NOT NULL CONSTRAINT ck_refunds_state_known CHECK (state IN ('arrived', 'failed', 'impossible')),
    amount bigint NOT NULL CONSTRAINT ck_refunds_amount_positive CHECK (amount > 0),
    currency text NOT NULL,
    failure text NOT NULL DEFAULT '',
    made_at timestamptz NOT NULL
);
CREATE INDEX ix_refunds_charge ON sandbox_psp.refunds (charge);

-- Every movement of money, once per charge or refund and order; money in is positive.
CREATE TABLE sandbox_psp.log (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_log PRIMARY KEY,
    at timestamptz NOT NULL,
    kind text NOT NULL CONSTRAINT ck_log_kind_known CHECK (kind IN ('charge', 'refund')),
    number bigint NOT NULL,
    ref text NOT NULL,
    merchant_id bigint NOT NULL,
    order_id bigint NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL,
    CONSTRAINT uq_log_movement UNIQUE (kind, number, order_id)
);
CREATE TRIGGER log_is_history BEFORE UPDATE OR DELETE ON sandbox_psp.log
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Notifications on their way to us; `spoil` says what is wrong with one on purpose.
CREATE TABLE sandbox_psp.outgoing (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_outgoing PRIMARY KEY,
    event_id text NOT NULL,
    body jsonb NOT NULL,
    spoil text NOT NULL DEFAULT '',
    due_at timestamptz NOT NULL,
    attempts smallint NOT NULL DEFAULT 0,
    done_at timestamptz,
    answer integer
);
CREATE INDEX ix_outgoing_due ON sandbox_psp.outgoing (due_at, id) WHERE done_at IS NULL;

-- Faults to order: the next `remaining` of an operation (on one number, or on any) go wrong in this way.
CREATE TABLE sandbox_psp.faults (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_faults PRIMARY KEY,
    operation text NOT NULL,
    kind text NOT NULL,
    number bigint,
    remaining integer NOT NULL,
    seconds double precision NOT NULL DEFAULT 0
);
CREATE INDEX ix_faults_waiting ON sandbox_psp.faults (operation, id) WHERE remaining > 0;

CREATE TABLE sandbox_psp.settings (
    id smallint CONSTRAINT pk_settings PRIMARY KEY DEFAULT 1 CONSTRAINT ck_settings_one CHECK (id = 1),
    max_refunds integer,
    max_days integer
);
INSERT INTO sandbox_psp.settings DEFAULT VALUES;

-- What the provider says it keeps for each merchant: `dingdan check` compares it with our psp_clearing.
CREATE VIEW sandbox_psp.statement WITH (security_invoker = true) AS
    SELECT merchant_id, currency, sum(amount)::bigint AS amount FROM sandbox_psp.log GROUP BY merchant_id, currency;

GRANT USAGE ON SCHEMA sandbox_psp TO dingdan_read;
GRANT SELECT ON sandbox_psp.log, sandbox_psp.statement TO dingdan_read;
ALTER TABLE sandbox_psp.log ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON sandbox_psp.log FOR SELECT TO dingdan_read
    USING (current_setting('dingdan.scope', true) IN ('*', merchant_id::text));
