"""Wider stock: parts, pools, transfers, counts, what channels are told; bundles and limits of products."""

from dingdan.migrations.scripting import run_script

revision = "0004"
down_revision = "0003"

CATALOG = """
ALTER TABLE products
    ADD COLUMN components jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN weight_grams integer NOT NULL DEFAULT 0,
    ADD COLUMN min_quantity integer NOT NULL DEFAULT 1,
    ADD COLUMN max_quantity integer,
    ADD COLUMN max_per_buyer integer,
    ADD COLUMN variant_of text,
    ADD CONSTRAINT ck_products_limits_fit CHECK (
        min_quantity > 0 AND (max_quantity IS NULL OR max_quantity >= min_quantity) AND weight_grams >= 0);
CREATE INDEX ix_products_bundles ON products (merchant_id) WHERE components <> '[]'::jsonb;
CREATE INDEX ix_products_variants ON products (merchant_id, variant_of) WHERE variant_of IS NOT NULL;
ALTER TABLE prices ADD COLUMN floor bigint;
"""

STOCK = """
ALTER TABLE channels ADD COLUMN warehouse_ids bigint[] NOT NULL DEFAULT '{}';

ALTER TABLE stock
    ADD COLUMN held integer NOT NULL DEFAULT 0,
    ADD COLUMN in_transit integer NOT NULL DEFAULT 0,
    ADD COLUMN safety integer NOT NULL DEFAULT 0,
    ADD COLUMN frozen_at timestamptz,
    ADD COLUMN pooled boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT ck_stock_reserved_fits,
    ADD CONSTRAINT ck_stock_reserved_fits CHECK (
        reserved >= 0 AND on_hand >= 0 AND (reserved + held <= on_hand OR frozen_at IS NOT NULL)),
    ADD CONSTRAINT ck_stock_held_fits CHECK (held >= 0 AND held <= on_hand),
    ADD CONSTRAINT ck_stock_others_fit CHECK (in_transit >= 0 AND safety >= 0);

ALTER TABLE movements
    ADD COLUMN why text,
    DROP CONSTRAINT ck_movements_bucket_known,
    DROP CONSTRAINT ck_movements_reason_known,
    ADD CONSTRAINT ck_movements_bucket_known CHECK (bucket IN ('on_hand', 'held', 'quarantine', 'in_transit')),
    ADD CONSTRAINT ck_movements_reason_known CHECK (reason IN (
        'receive', 'count', 'adjust', 'ship', 'hold', 'release', 'transfer_out', 'transfer_in', 'return_in', 'restock',
        'write_off', 'send_back'));

ALTER TABLE reservations
    ADD COLUMN part_no smallint NOT NULL DEFAULT 1,
    ADD COLUMN each integer NOT NULL DEFAULT 1,
    ADD COLUMN pool_id bigint,
    ADD COLUMN chosen_by text NOT NULL DEFAULT 'first',
    DROP CONSTRAINT pk_reservations,
    DROP CONSTRAINT ck_reservations_quantity_positive,
    ADD CONSTRAINT pk_reservations PRIMARY KEY (order_id, line_no, part_no),
    ADD CONSTRAINT ck_reservations_quantity_positive CHECK (quantity > 0 AND each > 0 AND quantity % each = 0);

CREATE TABLE pools (
    id bigint NOT NULL,
    merchant_id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    product_id bigint NOT NULL,
    channel_id bigint NOT NULL,
    guaranteed integer NOT NULL DEFAULT 0,
    most integer,
    buffer integer NOT NULL DEFAULT 0,
    taken integer NOT NULL DEFAULT 0,
    since timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT pk_pools PRIMARY KEY (id),
    CONSTRAINT ck_pools_amounts_fit CHECK (
        guaranteed >= 0 AND buffer >= 0 AND taken >= 0 AND (most IS NULL OR most >= guaranteed))
);
CREATE UNIQUE INDEX uq_pools_open ON pools (warehouse_id, product_id, channel_id) WHERE ended_at IS NULL;

CREATE TABLE holdings (
    holder bytea NOT NULL,
    product_id bigint NOT NULL,
    order_id bigint NOT NULL,
    merchant_id bigint NOT NULL,
    units integer NOT NULL,
    CONSTRAINT pk_holdings PRIMARY KEY (holder, product_id, order_id),
    CONSTRAINT ck_holdings_units_positive CHECK (units > 0)
);
CREATE INDEX ix_holdings_order_id ON holdings (order_id);
"""

PAPERS = """
CREATE TABLE transfers (
    id bigint NOT NULL,
    merchant_id bigint NOT NULL,
    from_id bigint NOT NULL CONSTRAINT fk_transfers_from_id REFERENCES warehouses (id),
    to_id bigint NOT NULL CONSTRAINT fk_transfers_to_id REFERENCES warehouses (id),
    state text NOT NULL DEFAULT 'sent',
    version integer NOT NULL DEFAULT 1,
    sent_at timestamptz NOT NULL,
    arrived_at timestamptz,
    CONSTRAINT pk_transfers PRIMARY KEY (id),
    CONSTRAINT ck_transfers_state_known CHECK (state IN ('sent', 'arrived')),
    CONSTRAINT ck_transfers_goes_somewhere CHECK (from_id <> to_id)
);
CREATE INDEX ix_transfers_merchant_id ON transfers (merchant_id, id);
CREATE TABLE transfer_lines (
    transfer_id bigint NOT NULL,
    product_id bigint NOT NULL,
    merchant_id bigint NOT NULL,
    quantity integer NOT NULL,
    arrived integer NOT NULL DEFAULT 0,
    missing integer NOT NULL DEFAULT 0,
    CONSTRAINT pk_transfer_lines PRIMARY KEY (transfer_id, product_id),
    CONSTRAINT ck_transfer_lines_units_fit CHECK (
        quantity > 0 AND arrived >= 0 AND missing >= 0 AND arrived + missing <= quantity)
);

CREATE TABLE stocktakes (
    id bigint NOT NULL,
    merchant_id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    state text NOT NULL DEFAULT 'requested',
    version integer NOT NULL DEFAULT 1,
    why text NOT NULL,
    differing integer NOT NULL DEFAULT 0,
    alone_up_to integer NOT NULL DEFAULT 0,
    counted_by_kind text NOT NULL,
    counted_by bigint,
    decided_by_kind text,
    decided_by bigint,
    counted_at timestamptz NOT NULL,
    decided_at timestamptz,
    CONSTRAINT pk_stocktakes PRIMARY KEY (id),
    CONSTRAINT ck_stocktakes_state_known CHECK (state IN ('requested', 'approved', 'refused'))
);
CREATE INDEX ix_stocktakes_merchant_id ON stocktakes (merchant_id, id);
CREATE TABLE stocktake_lines (
    stocktake_id bigint NOT NULL,
    product_id bigint NOT NULL,
    merchant_id bigint NOT NULL,
    counted integer NOT NULL,
    booked integer NOT NULL,
    CONSTRAINT pk_stocktake_lines PRIMARY KEY (stocktake_id, product_id),
    CONSTRAINT ck_stocktake_lines_counted_fits CHECK (counted >= 0)
);
"""

CHANNELS = """
CREATE TABLE channel_stock (
    channel_id bigint NOT NULL,
    product_id bigint NOT NULL,
    merchant_id bigint NOT NULL,
    available integer NOT NULL,
    position bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT pk_channel_stock PRIMARY KEY (channel_id, product_id)
);
CREATE INDEX ix_channel_stock_position ON channel_stock (channel_id, position);
CREATE TABLE stock_feeds (
    name text NOT NULL,
    seen bigint NOT NULL,
    position bigint NOT NULL,
    CONSTRAINT pk_stock_feeds PRIMARY KEY (name)
);
CREATE TABLE channel_syncs (
    channel_id bigint NOT NULL,
    merchant_id bigint NOT NULL,
    acknowledged bigint NOT NULL,
    acknowledged_at timestamptz NOT NULL,
    CONSTRAINT pk_channel_syncs PRIMARY KEY (channel_id)
);
"""

WALL = """
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY[
        'pools', 'holdings', 'transfers', 'transfer_lines', 'stocktakes', 'stocktake_lines',
        'channel_stock', 'channel_syncs'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format(
            'CREATE POLICY own_rows ON %I FOR SELECT TO dingdan_read USING (
                current_setting(''dingdan.scope'', true) IN (''*'', merchant_id::text))', t);
    END LOOP;
END $$;
"""


def upgrade() -> None:
    """Go forward."""
    for script in (CATALOG, STOCK, PAPERS, CHANNELS, WALL):
        run_script(script)
