-- A small shop's whole story, or a large one's, straight into the tables: $orders orders of $lines lines each.
-- The last digit of an order's number says how it went:
--   0 awaits payment   1 expired   2 cancelled   3 paid, rejected by a reviewer, refunded   4 queued   5 being picked
--   6 on its way   7 completed   8 completed, one unit of line 1 came back and was refunded   9 money came twice
INSERT INTO merchants (id, code, name, zone, currency, policy, settings, created_at, updated_at)
SELECT m, 'shop-' || m, '{"en": "Shop"}', 'Asia/Shanghai', 'CNY', 'cn_statutory', '{}', now() - interval '2 days', now() - interval '2 days' FROM generate_series(1, 2) m;
INSERT INTO policies (id, merchant_id, code, version, hash, document, effective_from, created_at)
VALUES (31, NULL, 'cn_statutory', '1', 'h', '{}', now() - interval '9 years', now()),
       (32, 1, 'own', '1', 'h', '{}', now(), now());
INSERT INTO policy_editions (id, merchant_id, code, label, state, version, drafted_at, announced_at, began_at)
SELECT id, merchant_id, code, version, 'in_force', 3, now(), now(), now() FROM policies;
INSERT INTO warehouses (id, merchant_id, code, name, zone, return_address, created_at, updated_at)
SELECT 10 + m, m, 'W', '{}', 'Asia/Shanghai', '{}', now(), now() FROM generate_series(1, 2) m;
INSERT INTO channels (id, merchant_id, code, name, currency, warehouse_id, created_at, updated_at)
SELECT 20 + m, m, 'web-' || m, '{}', 'CNY', 10 + m, now(), now() FROM generate_series(1, 2) m;
INSERT INTO carriers (id, merchant_id, code, name, services, regions, created_at, updated_at)
VALUES (61, NULL, 'post', '{"en": "Post"}', '{standard}', '{}', now(), now()),
       (62, 1, 'own', '{"en": "Own"}', '{standard,express}', '{CN-33,HK}', now(), now());
INSERT INTO carrier_licences (carrier_id, number, merchant_id, issuer, valid_from, valid_until, zone, starts_at, ends_at, updated_at)
VALUES (62, 'L-1', 1, 'Post office', '2020-01-01', '2099-12-31', 'Asia/Shanghai', '2019-12-31T16:00Z', '2099-12-31T16:00Z', now());
INSERT INTO carrier_scorecards (id, carrier_id, merchant_id, origin, destination, since, until, grade, samples, figures, inputs, made_at)
VALUES (63, 62, 1, '', '', now() - interval '30 days', now(), 'D', 40, '[{"name": "late", "samples": 40, "bad": 12, "grade": "D"}]',
        '{"own": {"late": [40, 12]}}', now());
INSERT INTO carrier_grades (id, carrier_id, merchant_id, origin, destination, grade, reason, by_kind, by, ends_at, set_at)
VALUES (64, 62, 1, '', '', 'B', 'snow', 'staff', 41, now(), now());
INSERT INTO carrier_complaints (carrier_id, complaint, merchant_id, filed_at) VALUES (62, 'c-1', 1, now());
INSERT INTO lanes (id, merchant_id, code, carrier_id, service, warehouse_id, country, region, cut_off, handling_days, days_min,
                   days_max, days, created_at, updated_at)
VALUES (71, 1, 'city', 62, 'express', 11, 'CN', '3301', 960, 0, 1, 1, 'working_days', now(), now()),
       (72, NULL, 'all', 61, 'standard', NULL, 'CN', '', 960, 0, 1, 3, 'every_day', now(), now());
INSERT INTO staff (id, merchant_id, login, name, roles, created_at)
VALUES (41, 1, 'li', 'Li', '{customer_service}', now()), (42, 1, 'wu', 'Wu', '{finance}', now());
INSERT INTO api_keys (id, merchant_id, staff_id, name, secret_hash, scopes, created_at)
VALUES (51, 1, 41, 'till', '\x01', '{}', now()), (52, 1, 41, 'till', '\x02', '{}', now());
UPDATE api_keys SET successor_id = 52 WHERE id = 51;
INSERT INTO request_log (id, key_id, merchant_id, at, method, route, status, took_ms, request_id)
VALUES (53, 51, 1, now(), 'GET', '/v1/orders', 200, 3, 'r');
INSERT INTO products (id, merchant_id, sku, title, category, flags, created_at, updated_at)
SELECT 1000 + j, 1 + j % 2, 'S' || j, '{"en": "Thing"}', 'home', '{}', now(), now() FROM generate_series(0, 2 * $lines + 99) j;
INSERT INTO prices (product_id, currency, merchant_id, amount, updated_at)
SELECT id, 'CNY', merchant_id, 100 + id % 50, now() FROM products;
INSERT INTO price_history (product_id, currency, id, merchant_id, amount, at)
SELECT product_id, currency, product_id, merchant_id, amount, updated_at FROM prices;
INSERT INTO price_alarms (product_id, merchant_id, hits, since, told_at)
SELECT id, merchant_id, 1, now(), now() FROM products LIMIT 3;
INSERT INTO buyers (id, merchant_id, ref_hash, sealed, created_at, forgotten_at)
SELECT 200000 + b, 1 + b % 2, int4send(b), '\x', now(), CASE b WHEN 0 THEN now() END FROM generate_series(0, 99) b;
INSERT INTO subject_keys (subject_id, wrapped, created_at) SELECT id, '\x', now() FROM buyers WHERE forgotten_at IS NULL;
INSERT INTO contacts (id, merchant_id, buyer_id, country, province, city, sealed, phone_hash, phone_tail_hash, name_hash, created_at)
SELECT 100000 + id, merchant_id, id, 'CN', '', '', '\x00', '\x', '\x', '\x', now() FROM buyers;

CREATE TEMP TABLE o ON COMMIT DROP AS
SELECT i, 10000000 + i AS id, 20000000 + i AS checkout, 30000000 + i AS payment, 40000000 + i AS capture,
       50000000 + i AS refund, 60000000 + i AS send_back, 70000000 + i AS parcel, 80000000 + i AS work,
       90000000 + i AS ret, 150000000 + i AS review, 1 + i % 2 AS m, i % 10 AS kind, i % 10 >= 3 AS paid, i % 10 >= 6 AS shipped, i % 10 >= 7 AS done,
       now() - interval '1 day' AS at
FROM generate_series(0, $orders - 1) i;
CREATE TEMP TABLE l ON COMMIT DROP AS
SELECT o.*, n, 1000 + (((i * 7 + n) * 2 + m - 1) % (2 * $lines + 100))::int AS product, 1 + (i + n) % 3 AS quantity, 100 + (i + n) % 50 AS price
FROM o, generate_series(1, $lines) n;
ANALYZE o; ANALYZE l;

INSERT INTO checkouts (id, currency, total, at) SELECT checkout, 'CNY', sum(quantity * price) + 500, at FROM l GROUP BY checkout, at;
INSERT INTO orders (id, merchant_id, checkout_id, channel_id, warehouse_id, buyer_id, contact_id, state, version, currency,
    goods, freight, total, refunded, policy_id, policy_hash, reference, placed_at, pay_by, paid_at, dispatch_locked_at, shipped_at,
    delivered_at, received_at, completed_at, cancelled_at, cancel_reason)
SELECT o.id, m, checkout, 20 + m, 10 + m, 200000 + i % 100, 300000 + i % 100,
    CASE kind WHEN 0 THEN 'awaiting_payment' WHEN 1 THEN 'expired' WHEN 2 THEN 'cancelled' WHEN 3 THEN 'cancelled'
              WHEN 4 THEN 'confirmed' WHEN 5 THEN 'confirmed' WHEN 6 THEN 'confirmed' ELSE 'completed' END,
    CASE kind WHEN 0 THEN 1 WHEN 1 THEN 2 WHEN 2 THEN 2 WHEN 3 THEN 4 WHEN 4 THEN 2 WHEN 5 THEN 2 WHEN 6 THEN 2 ELSE 3 END,
    'CNY', t.goods, 500, t.goods + 500, CASE kind WHEN 3 THEN t.goods + 500 WHEN 8 THEN t.first ELSE 0 END, 31, 'h', 'R' || o.id, at,
    CASE kind WHEN 0 THEN now() + interval '1 hour' ELSE at + interval '1 hour' END,
    CASE WHEN paid THEN at END, CASE WHEN kind >= 5 THEN at END, CASE WHEN shipped THEN at END, CASE WHEN done THEN at END,
    CASE WHEN done THEN at END, CASE WHEN done THEN at END, CASE WHEN kind IN (1, 2, 3) THEN at END, CASE kind WHEN 2 THEN 'buyer' WHEN 3 THEN 'identity' END
FROM o JOIN (SELECT id, sum(quantity * price) AS goods, max(price) FILTER (WHERE n = 1) AS first FROM l GROUP BY id) t USING (id);
INSERT INTO order_references (merchant_id, reference, order_id) SELECT merchant_id, reference, id FROM orders;
INSERT INTO order_lines (order_id, line_no, merchant_id, product_id, sku, title, category, quantity, unit_price, goods)
SELECT id, n, m, product, 'S', '{}', 'home', quantity, price, quantity * price FROM l;
INSERT INTO reservations (order_id, line_no, merchant_id, warehouse_id, product_id, quantity, state)
SELECT id, n, m, 10 + m, product, quantity, CASE WHEN shipped THEN 'consumed' WHEN kind IN (1, 2, 3) THEN 'released' ELSE 'held' END FROM l;
INSERT INTO movements (id, merchant_id, warehouse_id, product_id, bucket, quantity, reason, order_id, line_no, cause_id, at)
SELECT row_number() OVER () + 400000000, x.* FROM (
    SELECT merchant_id, 10 + merchant_id, id, 'on_hand', 1000000, 'count', NULL::bigint, 0, NULL::bigint, now() FROM products
    UNION ALL SELECT m, 10 + m, product, 'on_hand', -quantity, 'ship', id, n, NULL, at FROM l WHERE shipped
    UNION ALL SELECT m, 10 + m, product, 'quarantine', 1, 'return_in', id, n, ret, at FROM l WHERE kind = 8 AND n = 1
    UNION ALL SELECT m, 10 + m, product, 'quarantine', -1, 'restock', id, n, ret, at FROM l WHERE kind = 8 AND n = 1
    UNION ALL SELECT m, 10 + m, product, 'on_hand', 1, 'restock', id, n, ret, at FROM l WHERE kind = 8 AND n = 1
    -- Three units of a product go to another warehouse, one of them is lost on the way, one is still under way.
    UNION ALL SELECT 1, 11, 1000, 'on_hand', -3, 'transfer_out', NULL, 0, 51, now()
    UNION ALL SELECT 1, 13, 1000, 'in_transit', 3, 'transfer_out', NULL, 0, 51, now()
    UNION ALL SELECT 1, 13, 1000, 'in_transit', -1, 'transfer_in', NULL, 0, 51, now()
    UNION ALL SELECT 1, 13, 1000, 'on_hand', 1, 'transfer_in', NULL, 0, 51, now()
    UNION ALL SELECT 1, 13, 1000, 'in_transit', -1, 'write_off', NULL, 0, 51, now()
    UNION ALL SELECT 1, 11, 1000, 'held', 2, 'hold', NULL, 0, NULL, now()
    UNION ALL SELECT 1, 11, 1000, 'on_hand', 30, 'adjust', NULL, 0, 52, now()
) x;
INSERT INTO warehouses (id, merchant_id, code, name, zone, return_address, created_at, updated_at)
VALUES (13, 1, 'V', '{}', 'Asia/Shanghai', '{}', now(), now());
INSERT INTO transfers (id, merchant_id, from_id, to_id, sent_at) VALUES (51, 1, 11, 13, now());
INSERT INTO transfer_lines (transfer_id, product_id, merchant_id, quantity, arrived, missing) VALUES (51, 1000, 1, 3, 1, 1);
INSERT INTO stocktakes (id, merchant_id, warehouse_id, state, version, why, differing, alone_up_to, counted_by_kind,
    counted_by, decided_by_kind, decided_by, counted_at, decided_at)
VALUES (52, 1, 11, 'approved', 2, 'monthly', 30, 10, 'staff', 41, 'staff', 42, now(), now());
INSERT INTO stocktake_lines (stocktake_id, product_id, merchant_id, counted, booked) VALUES (52, 1000, 1, 130, 100);
INSERT INTO pools (id, merchant_id, warehouse_id, product_id, channel_id, guaranteed, taken, since)
SELECT 53, 1, 11, 1000, 21, 10, quantity, now() FROM l WHERE m = 1 AND kind = 4 AND n = 1 ORDER BY id LIMIT 1;
UPDATE reservations SET pool_id = 53 WHERE (order_id, line_no) IN (SELECT id, n FROM l WHERE m = 1 AND kind = 4 AND n = 1 ORDER BY id LIMIT 1);
INSERT INTO stock (warehouse_id, product_id, merchant_id, on_hand, quarantine, held, in_transit, reserved, pooled)
SELECT warehouse_id, product_id, merchant_id, COALESCE(sum(quantity) FILTER (WHERE bucket = 'on_hand'), 0),
       COALESCE(sum(quantity) FILTER (WHERE bucket = 'quarantine'), 0),
       COALESCE(sum(quantity) FILTER (WHERE bucket = 'held'), 0),
       COALESCE(sum(quantity) FILTER (WHERE bucket = 'in_transit'), 0),
       CASE warehouse_id WHEN 13 THEN 0
           ELSE COALESCE((SELECT sum(quantity) FROM l WHERE l.product = product_id AND kind IN (0, 4, 5)), 0) END,
       warehouse_id = 11 AND product_id = 1000
FROM movements GROUP BY warehouse_id, product_id, merchant_id;
INSERT INTO holdings (holder, product_id, order_id, merchant_id, units)
SELECT '\x01', product, id, m, quantity FROM l WHERE kind = 0;

INSERT INTO payments (id, checkout_id, merchant_id, provider, method, state, version, currency, amount, provider_ref, started_at, captured_at)
SELECT payment, checkout_id, m, 'sandbox', 'instant', CASE kind WHEN 0 THEN 'pending' ELSE 'captured' END, CASE kind WHEN 0 THEN 2 ELSE 3 END,
       'CNY', total, 'ch_' || payment, at, CASE kind WHEN 0 THEN NULL ELSE at END
FROM o JOIN orders USING (id) WHERE paid OR kind = 0;
-- Orders that wait or are queued are paid with 3.00 of a balance and 2.00 of a card of the platform beside the provider,
-- and 7 points were taken off their price; the same is spent on the completed ones.
CREATE TEMP TABLE c ON COMMIT DROP AS
SELECT o.*, w.kind AS purse_kind, w.amount AS part, 110000000 + 10 * i + w.n AS hold, 120000000 + 10 * i + w.n AS tender,
    CASE w.kind WHEN 'card' THEN 1000 ELSE 1000 + 10 * (i % 100) + w.n END AS purse
FROM o, (VALUES ('balance', 1, 3), ('card', 2, 2), ('points', 3, 7)) AS w (kind, n, amount) WHERE o.kind IN (0, 4, 7);
INSERT INTO purses (id, merchant_id, buyer_id, kind, unit, balance, held, created_at)
SELECT purse, CASE purse_kind WHEN 'card' THEN NULL ELSE m END, CASE purse_kind WHEN 'card' THEN NULL ELSE 200000 + i % 100 END,
    purse_kind, CASE purse_kind WHEN 'points' THEN 'points' ELSE 'CNY' END,
    1000000 - COALESCE(sum(part) FILTER (WHERE kind <> 0), 0), COALESCE(sum(part) FILTER (WHERE kind = 0), 0), now()
FROM (SELECT *, CASE purse_kind WHEN 'card' THEN 0 ELSE i % 100 END AS of_buyer FROM c) t
GROUP BY purse, purse_kind, CASE purse_kind WHEN 'card' THEN NULL ELSE m END, CASE purse_kind WHEN 'card' THEN NULL ELSE 200000 + i % 100 END;
INSERT INTO purses (id, merchant_id, kind, unit, created_at) VALUES (999, 1, 'card', 'CNY', now());
INSERT INTO cards (purse_id, merchant_id, code_hash, tail, issued_at) VALUES (999, 1, '\x02', '0001', now());
INSERT INTO cards (purse_id, merchant_id, code_hash, tail, issued_at) SELECT id, NULL, '\x01', '0000', now() FROM purses WHERE id = 1000;
INSERT INTO card_tries (who, wrong, since) VALUES ('buyer:200001', 1, now());
INSERT INTO wrong_tries (about, who, wrong, since) VALUES ('coupon', 'person:7', 1, now());
INSERT INTO payments (id, checkout_id, merchant_id, provider, method, state, version, currency, amount, started_at, captured_at, together, purse_id)
SELECT tender, checkout, m, 'credit', purse_kind, CASE kind WHEN 0 THEN 'started' ELSE 'captured' END, CASE kind WHEN 0 THEN 1 ELSE 2 END,
    'CNY', part, at, CASE kind WHEN 0 THEN NULL ELSE at END, payment, purse FROM c WHERE purse_kind <> 'points';
UPDATE payments p SET together = p.id, amount = p.amount - 5 FROM o WHERE o.payment = p.id AND o.kind IN (0, 4, 7);
INSERT INTO credit_holds (id, order_id, merchant_id, purse_id, payment_id, amount, state, version, at)
SELECT hold, id, m, purse, CASE purse_kind WHEN 'points' THEN NULL ELSE tender END, part, CASE kind WHEN 0 THEN 'held' ELSE 'captured' END,
    CASE kind WHEN 0 THEN 1 ELSE 2 END, at FROM c;
INSERT INTO purse_lots (id, purse_id, merchant_id, granted, unspent, expires_at)
SELECT 130000000 + id, id, merchant_id, 1000000, balance - held, now() + interval '1 year' FROM purses WHERE kind = 'points';
INSERT INTO hold_lots (hold_id, lot_id, merchant_id, amount) SELECT hold, 130000000 + purse, m, part FROM c WHERE purse_kind = 'points';
INSERT INTO purse_movements (id, purse_id, merchant_id, kind, amount, order_id, cause_id, reason, funding, at)
SELECT 140000000 + id, id, merchant_id, 'grant', 1000000, NULL::bigint, NULL::bigint, 'topup', 'given', now() FROM purses WHERE balance > 0
UNION ALL SELECT 150000000 + hold, purse, m, 'spend', -part, id, hold, '', NULL, at FROM c WHERE kind <> 0;
INSERT INTO payment_allotments (order_id, payment_id, merchant_id, amount) SELECT id, tender, m, part FROM c WHERE purse_kind <> 'points';
INSERT INTO payment_allotments (order_id, payment_id, merchant_id, amount)
SELECT o.id, payment, m, p.amount FROM o JOIN payments p ON p.id = payment WHERE paid OR kind = 0;
INSERT INTO captures (id, payment_id, order_id, merchant_id, kind, currency, amount, provider, provider_ref, at)
SELECT capture, payment, o.id, m, 'normal', 'CNY', p.amount, 'sandbox', 'ch_' || payment, at FROM o JOIN payments p ON p.id = payment WHERE paid
UNION ALL SELECT 160000000 + tender, tender, id, m, 'normal', 'CNY', part, 'credit', 'own_' || tender, at FROM c WHERE kind <> 0 AND purse_kind <> 'points'
UNION ALL SELECT capture + 500000000, payment, id, m, 'excess', 'CNY', total, 'sandbox', 'again_' || payment, at
FROM o JOIN orders USING (id) WHERE kind = 9;
INSERT INTO refunds (id, order_id, merchant_id, cause, cause_id, state, version, currency, amount, requested_by_kind, requested_by,
    approved_by_kind, approved_by, requested_at, approved_at, settled_at)
SELECT refund, id, m, CASE kind WHEN 3 THEN 'cancellation' WHEN 8 THEN 'return' ELSE 'excess' END,
    CASE kind WHEN 3 THEN id WHEN 8 THEN ret ELSE capture + 500000000 END, 'settled', 4, 'CNY',
    CASE kind WHEN 8 THEN refunded ELSE total END, CASE kind WHEN 8 THEN 'staff' ELSE 'system' END, CASE kind WHEN 8 THEN 41 END,
    CASE kind WHEN 8 THEN 'staff' ELSE 'system' END, CASE kind WHEN 8 THEN 42 END, at, at, at
FROM o JOIN orders USING (id) WHERE kind IN (3, 8, 9);
INSERT INTO refund_signatures (refund_id, signer_kind, signer_id, merchant_id, at)
SELECT id, approved_by_kind, approved_by, merchant_id, approved_at FROM refunds WHERE approved_by IS NOT NULL;
INSERT INTO refund_lines (order_id, refund_id, n, merchant_id, line_no, quantity, component, amount, rule)
SELECT id, refund, n, m, n, quantity, 'goods', quantity * price, 'A5' FROM l WHERE kind = 3
UNION ALL SELECT id, refund, $lines + 1, m, 0, 0, 'freight_out', 500, 'A7' FROM o WHERE kind = 3
UNION ALL SELECT id, refund, 1, m, 1, 1, 'goods', price, 'A5' FROM l WHERE kind = 8 AND n = 1
UNION ALL SELECT o.id, refund, 1, m, 0, 0, 'excess', total, 'excess' FROM o JOIN orders USING (id) WHERE kind = 9;
INSERT INTO refund_tenders (order_id, refund_id, payment_id, merchant_id, amount)
SELECT o.id, refund, payment, m, r.amount FROM o JOIN refunds r ON r.id = refund;
INSERT INTO send_backs (id, order_id, merchant_id, refund_id, payment_id, state, version, currency, amount, provider_ref, created_at, arrived_at)
SELECT send_back, o.id, m, refund, payment, 'arrived', 2, 'CNY', r.amount, 'rf_' || send_back, at, at FROM o JOIN refunds r ON r.id = refund;

INSERT INTO sandbox_psp.charges (number, ref, method, state, amount, currency, shares, came, came_currency, made_at)
SELECT id, provider_ref, method, CASE state WHEN 'captured' THEN 'captured' ELSE 'pending' END, amount, 'CNY', '[]', 0, 'CNY', now() FROM payments WHERE provider = 'sandbox';
INSERT INTO sandbox_psp.refunds (number, ref, charge, state, amount, currency, made_at)
SELECT id, provider_ref, payment_id, 'arrived', amount, 'CNY', now() FROM send_backs;
INSERT INTO sandbox_psp.log (at, kind, number, ref, merchant_id, order_id, currency, amount)
SELECT now(), 'charge', payment_id, min(provider_ref), merchant_id, order_id, 'CNY', sum(amount) FROM captures WHERE provider = 'sandbox' GROUP BY payment_id, merchant_id, order_id
UNION ALL SELECT now(), 'refund', id, provider_ref, merchant_id, order_id, 'CNY', -amount FROM send_backs;

INSERT INTO accounts (id, merchant_id, code, currency)
SELECT 600 + m * 10 + n, m, code, 'CNY' FROM generate_series(1, 2) m,
    (VALUES (1, 'psp_clearing'), (2, 'buyer_funds'), (3, 'excess_funds'), (4, 'refunds_payable'), (5, 'stored_value'),
    (6, 'credit_clearing'), (7, 'credit_given')) a (n, code);
INSERT INTO accounts (id, merchant_id, code, currency)
VALUES (605, NULL, 'stored_value', 'CNY'), (606, NULL, 'merchants_payable', 'CNY'), (607, NULL, 'credit_given', 'CNY');
CREATE TEMP TABLE p ON COMMIT DROP AS
SELECT row_number() OVER () + 700000000 AS id, x.* FROM (
    SELECT merchant_id AS m, 'capture' AS source, id AS source_id, order_id, amount, CASE provider WHEN 'credit' THEN 6 ELSE 1 END AS debit, CASE kind WHEN 'normal' THEN 2 ELSE 3 END AS credit FROM captures
    UNION ALL SELECT merchant_id, 'refund', id, order_id, amount, CASE cause WHEN 'excess' THEN 3 ELSE 2 END, 4 FROM refunds
    UNION ALL SELECT merchant_id, 'send_back', id, order_id, amount, 4, 1 FROM send_backs
    UNION ALL SELECT p.merchant_id, 'credit', v.id, CASE WHEN p.merchant_id IS NOT NULL THEN v.order_id END, v.amount,
        CASE v.kind WHEN 'grant' THEN 7 ELSE 6 END, 5 FROM purse_movements v JOIN purses p ON p.id = v.purse_id AND p.kind <> 'points'
) x;
INSERT INTO postings (id, merchant_id, source, source_id, order_id, currency, at) SELECT id, m, source, source_id, order_id, 'CNY', now() FROM p;
INSERT INTO entries (posting_id, n, account_id, merchant_id, currency, amount)
SELECT id, 1, 600 + COALESCE(m, 0) * 10 + debit, m, 'CNY', amount FROM p UNION ALL SELECT id, 2, 600 + COALESCE(m, 0) * 10 + credit, m, 'CNY', -amount FROM p;

INSERT INTO waves (id, merchant_id, warehouse_id, size, claimed_at) SELECT 77, 2, 12, count(*), min(at) FROM o WHERE kind = 5;
INSERT INTO work_orders (id, order_id, merchant_id, warehouse_id, state, version, paid_at, ship_by, claimed_at, wave_id, created_at)
SELECT work, id, m, 10 + m, CASE WHEN shipped THEN 'handed_over' WHEN kind = 5 THEN 'picking' ELSE 'queued' END,
       CASE WHEN shipped THEN 4 WHEN kind = 5 THEN 2 ELSE 1 END, at, at + interval '2 days', CASE WHEN kind >= 5 THEN at END,
       CASE WHEN kind = 5 THEN 77 END, at FROM o WHERE kind >= 4;
UPDATE work_orders SET packed = t.packed FROM (SELECT work, jsonb_agg(jsonb_build_array(n, quantity) ORDER BY n) AS packed FROM l
    WHERE shipped GROUP BY work) t WHERE id = t.work;
INSERT INTO boxes (id, merchant_id, warehouse_id, order_id, work_id, lines, scanned, serials, packed_by_kind, packed_at)
SELECT w.id + 600000000, w.merchant_id, w.warehouse_id, w.order_id, w.id, w.packed, '[]', '[{"sku": "S", "serial": "N1"}]', 'system', o.at
FROM work_orders w JOIN o ON o.work = w.id WHERE o.kind = 6;
INSERT INTO serials (merchant_id, product_id, serial, order_id, work_id) SELECT m, product, 'N1', id, work FROM l WHERE kind = 6 AND n = 1
ON CONFLICT DO NOTHING;
INSERT INTO pictures (id, merchant_id, order_id, work_id, sha256, size, width, height, taken_by_kind, at)
SELECT work + 700000000, m, id, work, repeat('0', 64), 1, 1, 1, 'system', at FROM o WHERE kind = 6;
INSERT INTO consents (id, merchant_id, given_by, given_at, text_version, recorded_by_kind, recorded_at)
SELECT 78, m, 'buyer', at, '2026-11', 'system', at FROM o WHERE kind = 6 AND i < 10;
INSERT INTO consent_orders (consent_id, order_id, merchant_id) SELECT 78, id, m FROM o WHERE kind = 6 AND i < 20;
INSERT INTO parcels (id, merchant_id, warehouse_id, carrier, tracking_number, state, version, dispatched_at, delivered_at, last_scan_at)
SELECT parcel, m, 10 + m, CASE kind WHEN 8 THEN 'own' ELSE 'sandbox' END, 'SBX' || parcel, CASE WHEN done THEN 'delivered' ELSE 'dispatched' END, CASE WHEN done THEN 2 ELSE 1 END,
       at, CASE WHEN done THEN at END, CASE WHEN done THEN at END FROM o WHERE shipped;
INSERT INTO parcel_assignments (parcel_id, merchant_id, carrier_id, ground, licence, licensed_from, licensed_until, by_kind)
SELECT parcel, m, CASE kind WHEN 8 THEN 62 END, CASE kind WHEN 8 THEN 'licensed' ELSE 'own' END, CASE kind WHEN 8 THEN 'L-1' END,
       CASE kind WHEN 8 THEN at - interval '1 year' END, CASE kind WHEN 8 THEN at + interval '1 year' END, 'staff' FROM o WHERE shipped;
INSERT INTO tracking_numbers (carrier, number, parcel_id) SELECT carrier, tracking_number, id FROM parcels;
INSERT INTO parcel_lines (order_id, parcel_id, line_no, merchant_id, quantity) SELECT id, parcel, n, m, quantity FROM l WHERE shipped;
INSERT INTO scans (parcel_id, event_id, merchant_id, code, place, at, received_at) SELECT parcel, 'd', m, 'delivered', '', at, at FROM o WHERE done;
INSERT INTO sandbox_plans (parcel_id, merchant_id, plan) SELECT parcel, m, '{"script": "N", "seed": 0}' FROM o WHERE done;
INSERT INTO interceptions (id, parcel_id, merchant_id, order_id, reason, asked_at, answer, why, answered_at)
SELECT 170000000 + i, parcel, m, id, 'buyer_request', at, 'failed', 'declined', at FROM o WHERE done;

INSERT INTO review_rules (id, merchant_id, code, number, is_active, effective_from, document, created_at)
VALUES (61, NULL, 'large_amount', 1, true, now(), '{}', now()), (62, 1, 'own', 1, true, now(), '{}', now());
INSERT INTO review_switches (merchant_id, code, is_active, at) VALUES (1, 'large_amount', true, now());
INSERT INTO review_terms (number, document, at) VALUES (1, '{}', now());
INSERT INTO reviews (id, order_id, merchant_id, buyer_id, state, version, owner, on_timeout, reasons, checklist, answers, opened_at,
    due_at, decide_by, claimed_by_kind, claimed_by, claimed_at, decided_by_kind, decided_by, decided_at, reject_reason)
SELECT review, id, m, 200000 + i % 100, 'rejected', 3, 'reviewer', 'approve', '[{"rule": "own"}]', '[{"code": "id"}]', '{"id": "no"}',
    at, at, at, 'staff', 41, at, 'staff', 41, at, 'identity' FROM o WHERE kind = 3;

INSERT INTO abuse_flags (id, merchant_id, buyer_id, state, version, score, level, parts, confirmed_level, opened_at, expires_at,
    signed_by_kind, signed_by, decided_by_kind, decided_by, decided_at)
SELECT 180000001, merchant_id, id, 'confirmed', 3, 80, 3, 2, 3, now(), now() + interval '180 days', 'staff', 41, 'staff', 42, now()
FROM buyers WHERE id = 200008;
INSERT INTO abuse_signals (id, merchant_id, buyer_id, flag_id, kind, points, subject, subject_id, order_id, found, happened_at,
    noticed_at, expires_at)
SELECT 180000010 + n, merchant_id, id, 180000001, k, 40, 'return', 90000008, 10000008, '{}', now(), now(), now() + interval '180 days'
FROM buyers, (VALUES (1, 'swapped_item'), (2, 'empty_parcel')) AS s (n, k) WHERE id = 200008;
INSERT INTO abuse_measures (id, merchant_id, flag_id, measure, order_id, subject, subject_id, at)
SELECT 180000021, merchant_id, 180000001, 'extra_look', 10000008, 'return', 90000008, now() FROM buyers WHERE id = 200008;
INSERT INTO abuse_handovers (id, merchant_id, flag_id, reason, authority, order_ids, by_kind, by, at)
SELECT 180000031, merchant_id, 180000001, 'fraud', 'PSB', '{10000008}', 'staff', 41, now() FROM buyers WHERE id = 200008;
INSERT INTO deadlines (kind, subject_id, merchant_id, started_at, due_at, next_at)
SELECT 'abuse_flag.expiry', id, merchant_id, opened_at, expires_at, expires_at FROM abuse_flags;

INSERT INTO return_requests (id, merchant_id, buyer_id, at) SELECT ret + 800000000, m, 200000 + i % 100, at FROM o WHERE kind = 8;
INSERT INTO returns (id, order_id, request_id, merchant_id, warehouse_id, decision, journey, outcome, version, policy_id, requested_at,
    decided_at, received_at, inspected_at, settled_at, refund_id)
SELECT ret, id, ret + 800000000, m, 10 + m, 'approved', 'received', 'settled', 6, 31, at, at, at, at, at, refund FROM o WHERE kind = 8;
INSERT INTO return_lines (order_id, return_id, line_no, merchant_id, product_id, quantity, reason, received, accepted, fault)
SELECT id, ret, n, m, product, 1, 'NO_REASON', 1, 1, 'buyer' FROM l WHERE kind = 8 AND n = 1;
INSERT INTO return_parcels (id, merchant_id, carrier, tracking_number, sent_at, received_at)
SELECT ret + 700000000, m, 'sandbox', 'BACK' || ret, at, at FROM o WHERE kind = 8;
INSERT INTO return_parcel_items (return_parcel_id, return_id, merchant_id) SELECT ret + 700000000, ret, m FROM o WHERE kind = 8;
INSERT INTO inspections (id, order_id, return_id, merchant_id, inspector_kind, at)
SELECT ret + 600000000, id, ret, m, 'system', at FROM o WHERE kind = 8;
INSERT INTO inspection_lines (inspection_id, n, merchant_id, line_no, quantity, is_original, intact, grade, disposition, note,
    is_accepted)
SELECT ret + 600000000, 1, m, 1, 1, true, true, 'A', 'restock', '', true FROM o WHERE kind = 8;
INSERT INTO returned_goods (id, merchant_id, warehouse_id, order_id, line_no, return_id, inspection_id, product_id, quantity, open,
    is_ours, grade, value, currency, wanted, since, decide_by)
SELECT ret + 610000000, m, 10 + m, id, n, ret, ret + 600000000, product, 1, 0, true, 'A', 0, 'CNY', 'restock', at, at
FROM l WHERE kind = 8 AND n = 1;
INSERT INTO exchanges (id, return_id, order_id, merchant_id, state, version, sent_order_id, asked_at, why, ended_at)
SELECT ret + 670000000, ret, id, m, 'refunded', 2, ret + 680000000, at, 'out_of_stock', at FROM o WHERE kind = 8;
INSERT INTO exchange_lines (exchange_id, line_no, merchant_id, order_id, product_id, quantity)
SELECT ret + 670000000, n, m, id, product, 1 FROM l WHERE kind = 8 AND n = 1;
INSERT INTO repairs (id, return_id, order_id, merchant_id, state, version, asked_at, begun_at, finish_by, failed_at, why, choose_by,
    instead, is_silent, ended_at)
SELECT ret + 690000000, ret, id, m, 'turned', 4, at, at, at + interval '30 days', at, 'unmended', at + interval '7 days', 'refund',
    true, at FROM o WHERE kind = 8;
INSERT INTO line_services (order_id, line_no, kind, source_id, merchant_id, since, until, is_failed)
SELECT id, n, 'repair', ret + 690000000, m, at, at, true FROM l WHERE kind = 8 AND n = 1;
INSERT INTO dispositions (id, merchant_id, order_id, goods_id, kind, quantity, is_ours, value, recovered, at, decided_by_kind)
SELECT ret + 620000000, m, id, ret + 610000000, 'restock', 1, true, 0, 0, at, 'system' FROM o WHERE kind = 8;
INSERT INTO looks (id, merchant_id, order_id, return_id, kind, findings, at, taken_by_kind, taken_by)
SELECT ret + 630000000, m, id, ret, 'first', '[]', at, 'staff', 41 FROM o WHERE kind = 8;
INSERT INTO looks (id, merchant_id, order_id, return_id, kind, findings, at, taken_by_kind, taken_by, first_id, first_by_kind, first_by,
    agrees)
SELECT ret + 640000000, m, id, ret, 'second', '[]', at, 'staff', 42, ret + 630000000, 'staff', 41, true FROM o WHERE kind = 8;
UPDATE inspections SET look_id = return_id + 640000000;
INSERT INTO return_addresses (return_id, version, merchant_id, order_id, address, at, noted_by_kind, answered_at, is_agreed)
SELECT ret, 1, m, id, '{}', at, 'system', at, true FROM o WHERE kind = 8;
INSERT INTO return_labels (id, merchant_id, warehouse_id, return_ids, carrier, service, tracking_number, cost, currency, at, noted_by_kind)
SELECT ret + 660000000, m, 10 + m, ARRAY[ret], 'sandbox', 'standard', 'BACK' || ret, 0, 'CNY', at, 'staff' FROM o WHERE kind = 8;
INSERT INTO return_scans (return_parcel_id, event_id, merchant_id, code, at)
SELECT ret + 700000000, 'e1', m, 'picked_up', at FROM o WHERE kind = 8;
INSERT INTO inspection_pictures (id, merchant_id, order_id, return_id, shows, sha256, size, width, height, taken_by_kind, at)
SELECT ret + 670000000, m, id, ret, 'unpacking', repeat('0', 64), 1, 1, 1, 'staff', at FROM o WHERE kind = 8;
INSERT INTO strays (id, merchant_id, warehouse_id, state, version, carrier, tracking_number, at, noted_by_kind, match_by, order_id,
    return_id, found_by, ended_at)
SELECT ret + 650000000, m, 10 + m, 'matched', 2, 'sandbox', 'BACK' || ret, at, 'staff', at, id, ret, 'waybill', at
FROM o WHERE kind = 8;
INSERT INTO stray_pictures (id, merchant_id, stray_id, sha256, size, width, height, taken_by_kind, at)
SELECT ret + 680000000, m, ret + 650000000, repeat('0', 64), 1, 1, 1, 'staff', at FROM o WHERE kind = 8;

INSERT INTO confirmations (order_id, version, merchant_id, contact_id, occasion, canonical, hash, at)
SELECT id, v, m, 300000 + i % 100, occasion, canonical, sha256(convert_to(canonical, 'UTF8')), at
FROM (SELECT o.*, v, occasion, json_build_object('amounts', json_build_object('currency', 'CNY', 'total', total), 'occasion', occasion,
          'recipient', json_build_object('sealed_sha256', encode(sha256('\x00'), 'hex')), 'version', v)::text AS canonical
      FROM o JOIN orders USING (id), (VALUES (1, 'received'), (2, 'confirmed')) AS w (v, occasion) WHERE v = 1 OR paid) x;
INSERT INTO messages (id, order_id, confirmation, merchant_id, channel, state, version, attempts, next_at, created_at, sent_at, sealed)
SELECT 100000000 + i, id, 1, m, 'email', CASE kind WHEN 0 THEN 'queued' ELSE 'sent' END, CASE kind WHEN 0 THEN 1 ELSE 2 END, 1,
    now() + interval '1 minute', at, CASE kind WHEN 0 THEN NULL ELSE at END, CASE kind WHEN 0 THEN NULL ELSE '\x00'::bytea END FROM o;

INSERT INTO facts (id, position, wire, subject, subject_id, order_id, merchant_id, machine, was, now, version, rule, actor_kind,
    correlation, at, recorded_at, data)
SELECT 1000000000 + row_number() OVER (ORDER BY at, k, subject_id), row_number() OVER (ORDER BY at, k, subject_id), wire, subject, subject_id,
    order_id, m, machine, was, state, version, '', 'system', '', at, at, '{}'
FROM (
    SELECT o.id AS order_id, m, at, f.* FROM o JOIN LATERAL (VALUES
        (true, 0, 'order.placed', 'order', id, 'order', NULL, 'awaiting_payment', 1),
        (paid, 4, 'order.paid', 'order', id, 'order', 'awaiting_payment', 'confirmed', 2),
        (kind = 1, 4, 'order.expired', 'order', id, 'order', 'awaiting_payment', 'expired', 2),
        (kind = 2, 4, 'order.cancelled', 'order', id, 'order', 'awaiting_payment', 'cancelled', 2),
        (kind = 3, 5, 'order.held', 'order', id, 'order', 'confirmed', 'held', 3),
        (kind = 3, 6, 'review.opened', 'review', review, 'review', NULL, 'open', 1),
        (kind = 3, 7, 'review.claimed', 'review', review, 'review', 'open', 'claimed', 2),
        (kind = 3, 8, 'review.rejected', 'review', review, 'review', 'claimed', 'rejected', 3),
        (kind = 3, 9, 'order.cancelled', 'order', id, 'order', 'held', 'cancelled', 4),
        (done, 20, 'order.completed', 'order', id, 'order', 'confirmed', 'completed', 3),
        (true, 60, 'message.queued', 'message', 100000000 + i, 'message', NULL, 'queued', 1),
        (kind <> 0, 61, 'message.sent', 'message', 100000000 + i, 'message', 'queued', 'sent', 2),
        (paid OR kind = 0, 1, 'payment.started', 'payment', payment, 'payment', NULL, 'started', 1),
        (paid OR kind = 0, 2, 'payment.accepted', 'payment', payment, 'payment', 'started', 'pending', 2),
        (paid, 3, 'payment.captured', 'payment', payment, 'payment', 'pending', 'captured', 3),
        (kind >= 4, 6, 'work.queued', 'work', work, 'work', NULL, 'queued', 1),
        (kind >= 5, 7, 'work.claimed', 'work', work, 'work', 'queued', 'picking', 2),
        (shipped, 8, 'work.packed', 'work', work, 'work', 'picking', 'packed', 3),
        (shipped, 9, 'work.handed_over', 'work', work, 'work', 'packed', 'handed_over', 4),
        (shipped, 10, 'parcel.dispatched', 'parcel', parcel, 'parcel', NULL, 'dispatched', 1),
        (shipped, 11, 'order.shipped', 'order', id, NULL, NULL, NULL, NULL),
        (done, 12, 'parcel.delivered', 'parcel', parcel, 'parcel', 'dispatched', 'delivered', 2),
        (kind = 8, 30, 'return.requested', 'return', ret, 'return_decision', NULL, 'requested', 1),
        (kind = 8, 30, 'exchange.asked', 'exchange', ret + 670000000, 'exchange', NULL, 'asked', 1),
        (kind = 8, 31, 'exchange.refunded', 'exchange', ret + 670000000, 'exchange', 'asked', 'refunded', 2),
        (kind = 8, 31, 'repair.asked', 'repair', ret + 690000000, 'repair', NULL, 'asked', 1),
        (kind = 8, 33, 'repair.began', 'repair', ret + 690000000, 'repair', 'asked', 'mending', 2),
        (kind = 8, 33, 'repair.failed', 'repair', ret + 690000000, 'repair', 'mending', 'choosing', 3),
        (kind = 8, 34, 'repair.turned', 'repair', ret + 690000000, 'repair', 'choosing', 'turned', 4),
        (kind = 8, 31, 'return.approved', 'return', ret, 'return_decision', 'requested', 'approved', 2),
        (kind = 8, 32, 'return.sent', 'return', ret, 'return_journey', 'at_buyer', 'sent', 3),
        (kind = 8, 33, 'return.received', 'return', ret, 'return_journey', 'sent', 'received', 4),
        (kind = 8, 33, 'stray.found', 'stray', ret + 650000000, 'stray', NULL, 'open', 1),
        (kind = 8, 33, 'stray.matched', 'stray', ret + 650000000, 'stray', 'open', 'matched', 2),
        (kind = 8, 34, 'return.inspected', 'return', ret, 'return_outcome', 'open', 'passed', 5),
        (kind = 8, 50, 'return.settled', 'return', ret, 'return_outcome', 'passed', 'settled', 6),
        (kind IN (3, 8, 9), 40, 'refund.requested', 'refund', refund, 'refund', NULL, 'requested', 1),
        (kind IN (3, 8, 9), 41, 'refund.approved', 'refund', refund, 'refund', 'requested', 'approved', 2),
        (kind IN (3, 8, 9), 42, 'refund.sent', 'refund', refund, 'refund', 'approved', 'sending', 3),
        (kind IN (3, 8, 9), 43, 'send_back.queued', 'send_back', send_back, 'send_back', NULL, 'queued', 1),
        (kind IN (3, 8, 9), 44, 'send_back.arrived', 'send_back', send_back, 'send_back', 'queued', 'arrived', 2),
        (kind IN (3, 8, 9), 45, 'refund.settled', 'refund', refund, 'refund', 'sending', 'settled', 4),
        (kind IN (3, 8), 46, 'order.refunded', 'order', id, NULL, NULL, NULL, NULL)
    ) AS f (happened, k, wire, subject, subject_id, machine, was, state, version) ON happened
    UNION ALL
    SELECT c.id, m, at, f.* FROM c JOIN LATERAL (VALUES
        (true, 1, 'credit.held', 'hold', hold, 'hold', NULL, 'held', 1),
        (kind <> 0, 3, 'credit.spent', 'hold', hold, 'hold', 'held', 'captured', 2),
        (purse_kind <> 'points', 1, 'payment.started', 'payment', tender, 'payment', NULL, 'started', 1),
        (purse_kind <> 'points' AND kind <> 0, 3, 'payment.captured', 'payment', tender, 'payment', 'started', 'captured', 2)
    ) AS f (happened, k, wire, subject, subject_id, machine, was, state, version) ON happened
) x;
INSERT INTO reaction_cursors (reaction, position) SELECT 'orders.screen_for_review', max(position) FROM facts;
INSERT INTO tariffs (id, merchant_id, edition, updated_at) VALUES (95, 1, 1, now());
INSERT INTO promotions (id, merchant_id, state, version, draft, code, starts_at, limit_total, limit_per_buyer, used, created_at, updated_at)
VALUES (91, 1, 'active', 3, '{}', 'SALE', now(), 5, 1, 1, now(), now());
INSERT INTO facts (id, position, wire, subject, subject_id, merchant_id, machine, was, now, version, rule, actor_kind, correlation, at, recorded_at, data)
SELECT 2000000000 + version, (SELECT max(position) FROM facts) + version, 'promotion', 'promotion', 91, 1, 'promotion', was, state, version,
    '', 'system', '', now(), now(), '{}'
FROM (VALUES (NULL, 'draft', 1), ('draft', 'scheduled', 2), ('scheduled', 'active', 3)) AS f (was, state, version);
INSERT INTO facts (id, position, wire, subject, subject_id, merchant_id, machine, was, now, version, rule, actor_kind, correlation, at, recorded_at, data)
SELECT 2100000000 + 10 * e.id + f.version, (SELECT max(position) FROM facts) + 10 * (e.id - 31) + f.version, 'policy', 'policy', e.id, e.merchant_id, 'policy',
    f.was, f.state, f.version, '', 'system', '', now(), now(), '{}'
FROM policy_editions e, (VALUES (NULL, 'draft', 1), ('draft', 'announced', 2), ('announced', 'in_force', 3)) AS f (was, state, version);
INSERT INTO late_notices (order_id, merchant_id, noted_at) VALUES (10000004, 1, now());
INSERT INTO policy_backtests (id, merchant_id, policy_id, hash, document, since, until, way_back, currency, counted_to, sums, requested_at)
VALUES (33, 1, 32, 'h', '{}', now() - interval '90 days', now(), 0, 'CNY', 0, '{}', now());
INSERT INTO coupon_grants (id, merchant_id, promotion_id, buyer_id, used_at, created_at) VALUES (92, 1, 91, 200004, now(), now());
INSERT INTO promotion_holders (promotion_id, holder, merchant_id, used) VALUES (91, 200004, 1, 1), (91, 200002, 1, 0);
INSERT INTO promotion_uses (order_id, promotion_id, merchant_id, buyer_id, grant_id, amount, claimed_at, given_back_at)
VALUES (10000004, 91, 1, 200004, 92, 300, now(), NULL), (10000002, 91, 1, 200002, NULL, 300, now(), now());
INSERT INTO price_layers (order_id, layer_no, merchant_id, kind, effect, promotion_id, label, funder, amount)
SELECT o.id, p.n, 1, p.kind, p.effect, p.promotion, '{}', p.funder, p.amount FROM o, (VALUES
    (0, 'freight', 'freight', NULL, NULL, 800), (1, 'merchant_coupon', 'freight_off', 91, 'merchant', 300), (2, 'tax', 'tax_included', NULL, NULL, 7)
) AS p (n, kind, effect, promotion, funder, amount) WHERE o.id IN (10000002, 10000004);
INSERT INTO price_shares (order_id, layer_no, line_no, merchant_id, amount) SELECT id, 2, n, 1, n + 2 FROM l WHERE id IN (10000002, 10000004) AND n <= 2;
INSERT INTO channel_stock (channel_id, product_id, merchant_id, available, position, changed_at) VALUES (21, 1000, 1, 7, 1, now());
INSERT INTO stock_feeds (name, seen, position) VALUES ('stock', 1, 1);
INSERT INTO channel_syncs (channel_id, merchant_id, acknowledged, acknowledged_at) VALUES (21, 1, 1, now());
INSERT INTO reminders (id, merchant_id, kind, buyer_id, contact_id, product_id, quantity, asked_at)
SELECT 54, 1, 'in_stock', buyer_id, id, 1000, 1, now() FROM contacts WHERE merchant_id = 1 ORDER BY id LIMIT 1;
INSERT INTO facts (id, position, wire, subject, subject_id, merchant_id, machine, was, now, version, rule, actor_kind,
    correlation, at, recorded_at, data)
SELECT 1500000000 + n, n + (SELECT max(position) FROM facts), wire, subject, id, 1, subject, was, state, version, '', 'system', '',
    now(), now(), '{}'
FROM (VALUES (1, 'transfer.sent', 'transfer', 51, NULL, 'sent', 1), (4, 'carrier.saved', 'carrier', 61, NULL, 'active', 1),
             (5, 'carrier.saved', 'carrier', 62, NULL, 'active', 1), (2, 'stocktake.requested', 'stocktake', 52, NULL, 'requested', 1),
             (3, 'stocktake.approved', 'stocktake', 52, 'requested', 'approved', 2)) AS f (n, wire, subject, id, was, state, version);
INSERT INTO deposits (order_id, merchant_id, amount, counts_as, balance, balance_from, balance_until, is_earnest, keep_at_most)
SELECT id, merchant_id, total - 100, total, 100, now(), now() + interval '1 day', true, 1 FROM orders WHERE id = 10000000;
INSERT INTO amendments (id, order_id, merchant_id, kind, reason, contact_id, at)
SELECT 55, id, m, 'address_changed', 'buyer_request', 300000 + i % 100, now() FROM o WHERE kind = 8 LIMIT 1;
-- An unpaid order took the place of another one.
UPDATE orders SET cancel_reason = 'replaced', buyer_id = 200010, contact_id = 300010,
    pay_by = (SELECT pay_by FROM orders WHERE id = 10000010) WHERE id = 10000012;
UPDATE orders SET replaces = 10000012 WHERE id = 10000010;
INSERT INTO reaction_cursors (reaction, position) SELECT 'orders.queue_for_fulfilment', max(position) FROM facts;
-- Orders made on a channel: one that waits with sums that differ, one that is done, one whose SKU nobody knows.
INSERT INTO channel_orders (id, merchant_id, channel_id, number, order_id, buyer_id, contact_id, currency, total, deal, deal_hash,
    people_hash, written_hash, placed_at, updated_at, recorded_at)
SELECT 1600000000 + o.id, m, o.channel_id, 'T' || o.id, o.id, o.buyer_id, NULL::bigint, 'CNY', o.total, '{}'::jsonb, '\x01'::bytea, '\x'::bytea, '\x01'::bytea, o.placed_at, now(), now()
FROM orders o CROSS JOIN LATERAL (SELECT o.merchant_id AS m) x WHERE o.id IN (10000000, 10000007)
UNION ALL SELECT 1600000001, 1, 21, 'T-1', NULL::bigint, NULL::bigint, NULL::bigint, 'CNY', 1, '{}', '\x01', '\x', NULL::bytea, now(), now(), now();
UPDATE channel_orders c SET contact_id = k.id FROM contacts k WHERE k.buyer_id = c.buyer_id;
INSERT INTO channel_parts (id, channel_order_id, merchant_id, kind, ref, amount, document, at)
VALUES (1600000002, 1600000001, 1, 'payment', 'p', 1, '{}', now()), (1600000003, 1600000001, 1, 'refund', 'r', 1, '{}', now());
INSERT INTO channel_problems (id, merchant_id, channel_id, channel_order_id, order_id, kind, details, opened_at)
VALUES (1600000004, 1, 21, 1600000001, NULL, 'unknown_sku', '{}', now()),
       (1600000005, 1, 21, 1610000000, 10000000, 'sums_differ', '{}', now());
UPDATE orders SET snagged_since = now() WHERE id = 10000000;
INSERT INTO channel_skus (channel_id, sku, merchant_id, ours, saved_at) VALUES (21, 'TB', 1, 'S1', now());
INSERT INTO facts (id, position, wire, subject, subject_id, merchant_id, machine, was, now, version, rule, actor_kind,
    correlation, at, recorded_at, data)
SELECT 1700000000 + id, (SELECT max(position) FROM facts) + row_number() OVER (ORDER BY id), 'channel_order.problem', 'channel_problem', id, 1,
    'channel_problem', NULL, 'open', 1, '', 'system', '', now(), now(), '{}' FROM channel_problems;
INSERT INTO channel_updates (id, merchant_id, channel_id, channel_order_id, order_id, kind, subject_id, document, at)
SELECT 1800000000 + f.id, c.merchant_id, c.channel_id, c.id, c.order_id, k.kind, f.subject_id, '{}', now()
FROM facts f JOIN channel_orders c ON c.order_id = f.order_id
JOIN (VALUES ('parcel.dispatched', 'parcel_dispatched'), ('order.shipped', 'shipped'), ('order.delivered', 'delivered')) AS k (wire, kind)
    ON k.wire = f.wire;
INSERT INTO reaction_cursors (reaction, position) SELECT 'channel_orders.tell_channel', max(position) FROM facts;
-- Trouble: a damaged parcel that was made good in three ways and claimed for in vain, and one that is late.
INSERT INTO case_kinds (id, merchant_id, code, number, is_active, document, created_at)
VALUES (161, 1, 'damage', 1, true, '{"owner": "customer_service", "playbook": [{}]}', now());
INSERT INTO case_terms (number, document, at) VALUES (1, '{}', now());
INSERT INTO case_skills (staff_id, merchant_id, kinds, at) VALUES (41, 1, '{damage}', now());
INSERT INTO cases (id, merchant_id, order_id, buyer_id, case_kind_id, kind, subject, subject_id, state, version, source, opened_at,
    next_update_at, due_at, ended_at, closure)
VALUES (162, 1, 10000008, 200008, 161, 'damage', 'parcel', 70000008, 'closed', 3, 'fact', now(), now(), now(), now(), 'solved'),
       (163, 1, 10000006, 200006, NULL, 'delay', 'parcel', 70000006, 'open', 1, 'fact', now(), now() + interval '1 day',
        now() + interval '1 day', NULL, NULL);
INSERT INTO case_owners (case_id, n, merchant_id, role, staff_id, since, until, reason)
VALUES (162, 1, 1, 'customer_service', 41, now(), now(), 'opened'), (163, 1, 1, 'logistics', 41, now(), NULL, 'opened');
INSERT INTO case_entries (id, case_id, merchant_id, kind, actor_kind, data, at) VALUES (164, 162, 1, 'opened', 'system', '{}', now());
INSERT INTO case_budgets (order_id, merchant_id, currency, budget, granted) VALUES (10000008, 1, 'CNY', 100, 15);
INSERT INTO remedies (id, case_id, order_id, merchant_id, kind, state, version, currency, amount, budgeted, terms, needs_consent, alone_up_to,
    proposed_by_kind, proposed_by, proposed_at, approved_by_kind, approved_by, approved_at, executed_at, refund_id, purse_id, grant_id, return_id)
SELECT n, 162, 10000008, 1, kind, 'executed', 3, 'CNY', amount, amount, terms::jsonb, false, 5, 'staff', 41, now(), 'staff', 42, now(), now(),
       refund, purse, given, ret
FROM (VALUES (165, 'take_back', 0, '{}', 50000008, NULL, NULL, 90000008), (166, 'compensation', 10, '{"form": "balance"}', NULL, 999, NULL, NULL),
             (167, 'compensation', 5, '{"form": "voucher"}', NULL, NULL, 92, NULL)) AS r (n, kind, amount, terms, refund, purse, given, ret);
INSERT INTO remedies (id, case_id, order_id, merchant_id, kind, state, version, currency, amount, terms, needs_consent, alone_up_to,
    proposed_by_kind, proposed_by, proposed_at, approved_by_kind, approved_by, approved_at, executed_at, replaced_by)
VALUES (170, 162, 10000008, 1, 'reship', 'executed', 3, 'CNY', 0, '{}', false, 5, 'staff', 41, now(), 'staff', 42, now(), now(), 10000006);
INSERT INTO replacements (sent, line_no, merchant_id, remedy_id, replaces, replaces_line, quantity) VALUES (10000006, 1, 1, 170, 10000008, 1, 1);
INSERT INTO remedies (id, case_id, order_id, merchant_id, kind, currency, amount, terms, needs_consent, alone_up_to, proposed_by_kind, proposed_at)
VALUES (168, 163, 10000006, 1, 'wait', 'CNY', 0, '{}', true, 5, 'system', now());
-- What a remedy speaks for, and what was shown, said, asked and offered about a return.
INSERT INTO made_good_units (order_id, line_no, remedy_id, merchant_id, quantity) VALUES (10000006, 1, 168, 1, 1);
INSERT INTO evidence (id, merchant_id, order_id, buyer_id, sort, shot, sha256, size, width, height, brought_by_kind, at)
VALUES (171, 1, 10000008, 200008, 'photo', 'fault', repeat('a', 64), 1, 1, 1, 'key', now());
INSERT INTO return_remarks (id, return_id, order_id, merchant_id, buyer_id, side, code, sealed, evidence, said_by_kind, at)
VALUES (172, 90000008, 10000008, 1, 200008, 'buyer', 'said', '\x00', '{171}', 'key', now());
INSERT INTO return_questions (id, return_id, order_id, merchant_id, shots, asked_at, answer_by)
VALUES (173, 90000008, 10000008, 1, '{fault}', now(), now() + interval '2 days');
INSERT INTO return_offers (id, return_id, order_id, merchant_id, kind, currency, amount, side, made_by_kind, made_at, expires_at, purse_id)
VALUES (174, 90000008, 10000008, 1, 'keep', 'CNY', 1, 'seller', 'staff', now(), now() + interval '3 days', 999);
INSERT INTO withdrawals (id, order_id, merchant_id, buyer_id, state, version, lines, stated_at, confirmed_at, request_id)
VALUES (175, 10000008, 1, 200008, 'confirmed', 2, '[]', now(), now(), 890000008);
INSERT INTO cases (id, merchant_id, order_id, buyer_id, case_kind_id, kind, subject, subject_id, state, version, source, opened_at,
    next_update_at, due_at, ended_at, closure)
VALUES (185, 1, 10000008, 200008, NULL, 'platform_ruling', 'order', 10000008, 'closed', 2, 'staff', now(), now(), now(), now(), 'carried_out');
-- What the platform was asked to decide: a claim that was granted and carried out, and one where the seller has the word.
INSERT INTO disputes (id, order_id, merchant_id, buyer_id, subject, subject_id, issue, side, claim, currency, state, version, turn, turn_by,
    opened_by_kind, opened_at, appeal_by, final_at, ended_at, case_id, do_by, done_by)
VALUES (181, 10000008, 1, 200008, 'case', 162, 'visible_fault', 'buyer', '[]', 'CNY', 'executed', 5, 1, NULL, 'key', now(), now(), now(), now(), 185,
        now(), 'seller'),
       (182, 10000006, 1, 200006, 'case', 163, 'not_received', 'buyer', '[]', 'CNY', 'showing', 1, 0, now() + interval '1 day', 'key', now(),
        NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO dispute_standstills (id, dispute_id, order_id, merchant_id, reason, until, began_by_kind, began_at, outcome, ended_by_kind, ended_at)
VALUES (186, 181, 10000008, 1, 'police', now(), 'staff', now(), 'time_over', 'system', now());
INSERT INTO dispute_entries (id, dispute_id, order_id, merchant_id, buyer_id, side, code, turn, sealed, evidence, said_by_kind, said_by, at)
VALUES (184, 181, 10000008, 1, 200008, 'seller', 'shown', 1, '\x00', '{171}', 'staff', 41, now());
INSERT INTO dispute_rulings (id, dispute_id, order_id, merchant_id, buyer_id, instance, state, version, lines, fault, freight, executor, rules, worth,
    alone_up_to, ruled_by_kind, ruled_by, ruled_at)
VALUES (183, 181, 10000008, 1, 200008, 'first', 'given', 2, '[{"line_no": 1, "quantity": 1, "outcome": "refund", "amount": 0}]', 'buyer', 'buyer', 'seller',
    '{PLATFORM_PROVED}', 0, 5, 'staff', 43, now());
INSERT INTO claims (id, case_id, parcel_id, order_id, merchant_id, carrier, state, version, currency, value, drafted_at, file_by, filed_at,
    answered_at, answer, ended_at)
VALUES (169, 162, 70000008, 10000008, 1, 'sandbox', 'written_off', 4, 'CNY', 100, now(), now(), now(), now(), 'refused', now());
INSERT INTO claims (id, case_id, return_parcel_id, order_id, merchant_id, carrier, currency, value, drafted_at, file_by)
SELECT 171, 162, min(id), 10000008, 1, 'sandbox', 'CNY', 100, now(), now() FROM return_parcels WHERE merchant_id = 1;
INSERT INTO facts (id, position, wire, subject, subject_id, merchant_id, machine, was, now, version, rule, actor_kind,
    correlation, at, recorded_at, data)
SELECT 1950000000 + n, n + (SELECT max(position) FROM facts), subject || '.moved', subject, id, 1, subject, was, state, version, '', 'system', '',
    now(), now(), '{}'
FROM (SELECT row_number() OVER (ORDER BY id, version) AS n, * FROM (
    VALUES ('case', 162, NULL, 'open', 1), ('case', 162, 'open', 'remedied', 2), ('case', 162, 'remedied', 'closed', 3), ('case', 163, NULL, 'open', 1),
           ('remedy', 168, NULL, 'proposed', 1), ('claim', 169, NULL, 'drafted', 1), ('claim', 169, 'drafted', 'filed', 2),
           ('claim', 169, 'filed', 'answered', 3), ('claim', 169, 'answered', 'written_off', 4), ('claim', 171, NULL, 'drafted', 1),
           ('question', 173, NULL, 'asked', 1), ('offer', 174, NULL, 'open', 1), ('withdrawal', 175, NULL, 'stated', 1),
           ('withdrawal', 175, 'stated', 'confirmed', 2), ('dispute', 181, NULL, 'showing', 1), ('dispute', 181, 'showing', 'deciding', 2),
           ('dispute', 181, 'deciding', 'ruled', 3), ('dispute', 181, 'ruled', 'final', 4), ('dispute', 181, 'final', 'executed', 5),
           ('dispute', 182, NULL, 'showing', 1), ('case', 185, NULL, 'open', 1), ('case', 185, 'open', 'closed', 2), ('ruling', 183, NULL, 'proposed', 1), ('ruling', 183, 'proposed', 'given', 2)
    UNION ALL SELECT 'remedy', r, was, state, version FROM unnest(ARRAY[165, 166, 167, 170]) r, (VALUES
        (NULL, 'proposed', 1), ('proposed', 'approved', 2), ('approved', 'executed', 3)) AS s (was, state, version)
) AS f (subject, id, was, state, version)) g;
INSERT INTO reaction_cursors (reaction, position) SELECT name, 0 FROM unnest(ARRAY['cases.follow', 'cases.draft_claims']) AS name
ON CONFLICT DO NOTHING;
-- Settling: the first shop's account of an order that is done, of which a unit came back, closed and paid out; and its
-- deposit. The second period is open and holds the payout.
INSERT INTO agreements (id, merchant_id, currency, number, valid_from, terms, created_at) VALUES (1960000001, 1, 'CNY', 1, now(), '{}', now());
INSERT INTO settlements (id, merchant_id, currency, starts_at, ends_at) VALUES
    (1960000011, 1, 'CNY', now() - interval '40 days', now() - interval '10 days'),
    (1960000012, 1, 'CNY', now() - interval '10 days', now() + interval '20 days');
INSERT INTO settlement_lines (id, settlement_id, merchant_id, currency, kind, detail, subject_id, n, order_id, amount, at)
SELECT 1960000100 + v.k, 1960000011, 1, 'CNY', v.kind, v.detail, v.subject, v.n, o.id, v.amount, now() - interval '20 days'
FROM orders o, LATERAL (VALUES (1, 'sale', '', o.id, 0, o.total), (2, 'fee', 'commission', o.id, 1, -10::bigint), (3, 'refund', '', 50000008, 0, -o.refunded),
    (4, 'fee_back', 'commission', 50000008, 1, 4), (5, 'borne', '', 166, 0, 10), (6, 'deposit_draw', '', 50000008, 0, 20)
) AS v (k, kind, detail, subject, n, amount) WHERE o.id = 10000008;
INSERT INTO merchant_deposits (merchant_id, currency, balance) VALUES (1, 'CNY', 80);
INSERT INTO deposit_movements (id, merchant_id, currency, kind, amount, refund_id, receipt, at)
VALUES (1960000031, 1, 'CNY', 'top_up', 100, NULL, 'T-1', now()), (1960000032, 1, 'CNY', 'draw', -20, 50000008, NULL, now());
INSERT INTO payout_runs (id, merchant_id, currency, content, checksum, prepared_by_kind, prepared_by, prepared_at, approved_by_kind, approved_by, approved_at)
VALUES (1960000020, 1, 'CNY', 'x', encode(sha256('x'), 'hex'), 'staff', 41, now(), 'staff', 42, now());
INSERT INTO payouts (id, payout_run_id, merchant_id, currency, amount, payee, state, version, bank_ref, prepared_at, ended_at)
SELECT 1960000021, 1960000020, 1, 'CNY', sum(amount), '{}', 'paid', 3, 'B-1', now(), now() FROM settlement_lines;
INSERT INTO payout_items (payout_id, settlement_line_id, merchant_id) SELECT 1960000021, id, 1 FROM settlement_lines;
UPDATE settlements SET state = 'closed', version = 2, opening = 0, closing = (SELECT amount FROM payouts), closed_at = now() WHERE id = 1960000011;
INSERT INTO settlement_lines (id, settlement_id, merchant_id, currency, kind, subject_id, amount, at)
SELECT 1960000110, 1960000012, 1, 'CNY', 'payout', id, -amount, now() FROM payouts;
INSERT INTO accounts (id, merchant_id, code, currency)
SELECT 650 + n, 1, code, 'CNY' FROM (VALUES (1, 'merchant_settlement'), (2, 'settled_sales'), (3, 'platform_fees'), (4, 'platform_subsidies'),
    (5, 'merchant_deposits'), (6, 'deposits_received'), (7, 'payouts_under_way'), (8, 'paid_out')) AS a (n, code);
CREATE TEMP TABLE g ON COMMIT DROP AS
SELECT row_number() OVER () + 1960001000 AS id, x.* FROM (
    SELECT 'settlement' AS source, id AS source_id, order_id, amount, CASE kind WHEN 'sale' THEN 652 WHEN 'refund' THEN 652 WHEN 'borne' THEN 654
        WHEN 'deposit_draw' THEN 655 WHEN 'payout' THEN 657 ELSE 653 END AS debit, 651 AS credit FROM settlement_lines
    UNION ALL SELECT 'deposit', id, NULL, amount, 656, 655 FROM deposit_movements WHERE kind = 'top_up'
    UNION ALL SELECT 'payout', id, NULL, amount, 657, 658 FROM payouts
) x;
INSERT INTO postings (id, merchant_id, source, source_id, order_id, currency, at) SELECT id, 1, source, source_id, order_id, 'CNY', now() FROM g;
INSERT INTO entries (posting_id, n, account_id, merchant_id, currency, amount)
SELECT id, 1, debit, 1, 'CNY', amount FROM g UNION ALL SELECT id, 2, credit, 1, 'CNY', -amount FROM g;
-- The same order has an invoice, and a credit note for the unit that came back.
INSERT INTO invoice_sellers (merchant_id, document, at) VALUES (1, '{}', now());
INSERT INTO invoice_requests (id, order_id, merchant_id, buyer_id, kind, country, state, version, asked_at)
VALUES (1960000041, 10000008, 1, 200008, 'personal', 'CN', 'answered', 2, now());
INSERT INTO invoices (id, order_id, merchant_id, invoice_request_id, kind, reason, invoice_id, refund_id, state, version, country, currency, net, tax,
    total, is_tax_on_top, lines, seller, provider_ref, series, number, drafted_at, issued_at)
SELECT 1960000050 + v.k, o.id, 1, 1960000041, v.kind, v.reason, v.original, v.refund, 'issued', 2, 'CN', 'CNY', v.total, 0, v.total, false,
    jsonb_build_array(jsonb_build_object('gross', v.total, 'tax', 0)), '{}', 'T' || v.k, v.series, 1, now(), now()
FROM orders o, LATERAL (VALUES (1, 'invoice', 'sale', NULL::bigint, NULL::bigint, o.total, '2026'),
    (2, 'credit_note', 'refund', 1960000051, 50000008, o.refunded, '2026R')) AS v (k, kind, reason, original, refund, total, series) WHERE o.id = 10000008;
INSERT INTO invoice_series (merchant_id, series, last) VALUES (1, '2026', 1), (1, '2026R', 1);
INSERT INTO invoice_refunds (refund_id, order_id, merchant_id, invoice_id) VALUES (50000008, 10000008, 1, 1960000052);
INSERT INTO facts (id, position, wire, subject, subject_id, merchant_id, machine, was, now, version, rule, actor_kind,
    correlation, at, recorded_at, data)
SELECT 1970000000 + n, n + (SELECT max(position) FROM facts), subject || '.moved', subject, id, 1, subject, was, state, version, '', 'system', '',
    now(), now(), '{}'
FROM (VALUES (1, 'settlement', 1960000011, NULL, 'open', 1), (2, 'settlement', 1960000011, 'open', 'closed', 2), (3, 'settlement', 1960000012, NULL, 'open', 1),
    (4, 'payout', 1960000021, NULL, 'prepared', 1), (5, 'payout', 1960000021, 'prepared', 'approved', 2), (6, 'payout', 1960000021, 'approved', 'paid', 3),
    (7, 'invoice_request', 1960000041, NULL, 'asked', 1), (8, 'invoice_request', 1960000041, 'asked', 'answered', 2),
    (9, 'invoice', 1960000051, NULL, 'drafted', 1), (10, 'invoice', 1960000051, 'drafted', 'issued', 2),
    (11, 'invoice', 1960000052, NULL, 'drafted', 1), (12, 'invoice', 1960000052, 'drafted', 'issued', 2),
    (13, 'abuse_flag', 180000001, NULL, 'open', 1), (14, 'abuse_flag', 180000001, 'open', 'signed', 2),
    (15, 'abuse_flag', 180000001, 'signed', 'confirmed', 3)) AS f (n, subject, id, was, state, version);
-- Two endpoints of the first shop: one is told, one was given up; and what was sent.
INSERT INTO webhook_endpoints (id, merchant_id, url, events, description, state, version, wrapped, sealed, begun, position,
    disabled_reason, leased_until, created_at)
VALUES (1900000001, 1, 'https://a.example/', '{order.paid}', '', 'enabled', 1, '\x', '\x', 0, 0, NULL, now(), now()),
       (1900000002, 1, 'https://b.example/', '{*}', '', 'disabled', 2, '\x', '\x', 0, 0, 'gone', now(), now());
INSERT INTO facts (id, position, wire, subject, subject_id, merchant_id, machine, was, now, version, rule, actor_kind,
    correlation, at, recorded_at, data)
SELECT 1900000010 + n, n + (SELECT max(position) FROM facts), wire, 'webhook_endpoint', id, 1, 'webhook_endpoint', was, state, version,
    '', 'system', '', now(), now(), '{}'
FROM (VALUES (1, 'webhook.created', 1900000001, NULL, 'enabled', 1), (2, 'webhook.created', 1900000002, NULL, 'enabled', 1),
             (3, 'webhook.disabled', 1900000002, 'enabled', 'disabled', 2)) AS f (n, wire, id, was, state, version);
UPDATE webhook_endpoints SET position = (SELECT max(position) FROM facts) WHERE id = 1900000001;
INSERT INTO caught_webhooks (id, endpoint_id, merchant_id, message_id, at, headers, body, size, sha256, is_signed, answered)
VALUES (1900000005, 1900000001, 1, 'm', now(), '{}', '\x', 0, '\x', true, 200);
INSERT INTO webhook_deliveries (id, endpoint_id, merchant_id, fact_id, position, wire, about, attempts, tries, next_at, created_at, delivered_at)
SELECT 1910000000 + position, 1900000001, 1, id, position, wire, order_id, 1, 1, now(), now(),
    CASE WHEN position = max(position) OVER () THEN NULL ELSE now() END
FROM facts WHERE wire = 'order.paid' AND merchant_id = 1;
INSERT INTO webhook_attempts (delivery_id, number, merchant_id, round, at, took_ms, result, status, url, headers)
SELECT id, 1, 1, 0, now(), 1, CASE WHEN delivered_at IS NULL THEN 'timed_out' ELSE 'succeeded' END,
    CASE WHEN delivered_at IS NULL THEN NULL ELSE 200 END, 'https://a.example/', '{}' FROM webhook_deliveries;
UPDATE reaction_cursors SET position = (SELECT max(position) FROM facts);
-- Bought abroad: released by customs, taken back in time, and on its way back.
INSERT INTO customs_releases (order_id, merchant_id, declaration, released_on, noted_at, noted_by_kind)
SELECT id, m, 'D-1', at::date, at, 'key' FROM o WHERE kind = 8;
INSERT INTO customs_returns (id, merchant_id, order_id, units, currency, applied_on, noted_at, noted_by_kind)
SELECT ret + 710000000, m, id, '{"1": 1}', 'CNY', at::date, at, 'key' FROM o WHERE kind = 8;
INSERT INTO customs_imports (order_id, merchant_id, person, year, amount, given_back, noted_at)
SELECT id, m, '\x01', 2026, 0, 0, at FROM o WHERE kind = 8;
INSERT INTO facts (id, position, wire, subject, subject_id, order_id, merchant_id, machine, was, now, version, rule, actor_kind,
    correlation, at, recorded_at, data)
SELECT ret + 710000001, (SELECT max(position) FROM facts) + row_number() OVER (ORDER BY ret), 'customs_return.applied',
    'customs_return', ret + 710000000, id, m, 'customs_return', NULL, 'applied', 1, '', 'system', '', now(), now(), '{}'
FROM o WHERE kind = 8;

-- Done and kept: an objection that was settled and one that stands, feedback, and an archive in which every completed
-- order lies; one of them under a legal hold.
INSERT INTO objections (order_id, cause, subject_id, round, merchant_id, reason, opened_at, settled_at, outcome)
SELECT id, 'return', ret, 1, m, 'return_open', at, at, 'settled' FROM o WHERE kind = 8
UNION ALL SELECT id, 'buyer', id, 1, m, 'not_received', at, NULL, NULL FROM o WHERE kind = 6;
INSERT INTO feedback (order_id, version, merchant_id, buyer_id, rating, lines, given_at)
SELECT id, 1, m, 200000 + i % 100, 5, '[]', at FROM o WHERE kind = 7;
INSERT INTO archived_orders (order_id, merchant_id, buyer_id, sealed_key, kept_at, erase_after)
SELECT id, m, 200000 + i % 100, '\x00', now(), now() + interval '3 years' FROM o WHERE done;
INSERT INTO archive_chains (merchant_id, number, hash) SELECT m, 0, decode(repeat('0', 64), 'hex') FROM generate_series(1, 2) m;
DO $$$$
DECLARE kept record; envelope text; n bigint; last bytea;
BEGIN
    FOR kept IN SELECT order_id, merchant_id FROM archived_orders ORDER BY order_id LOOP
        SELECT number + 1, hash INTO n, last FROM archive_chains WHERE merchant_id = kept.merchant_id;
        envelope := jsonb_build_object('kind', 'bundle', 'number', n, 'previous', encode(last, 'hex'), 'people_sha256', NULL,
            'stored_sha256', encode(sha256('\x00'), 'hex'))::text;
        last := sha256(convert_to(envelope, 'UTF8'));
        INSERT INTO bundles (id, order_id, merchant_id, kind, number, envelope, hash, facts, at)
        VALUES (170000000 + kept.order_id, kept.order_id, kept.merchant_id, 'bundle', n, envelope, last, '\x00', now());
        UPDATE archive_chains SET number = n, hash = last WHERE merchant_id = kept.merchant_id;
    END LOOP;
END $$$$;
INSERT INTO archive_failures (order_id, merchant_id, missing, first_at, last_at) SELECT id, m, '{scans}', now(), now() FROM o WHERE kind = 2;
INSERT INTO legal_holds (id, order_id, merchant_id, reason, set_at) SELECT 190000000 + id, id, m, 'court', at FROM o WHERE kind = 9;
INSERT INTO deadlines (kind, subject_id, merchant_id, order_id, due_at, next_at)
SELECT *, at FROM (
    SELECT 'order.pay_by', id, m, id, now() + interval '1 hour' AS at FROM o WHERE kind = 0
    UNION ALL SELECT 'settlement.close', 1960000012, 1, NULL::bigint, now() + interval '20 days'
    UNION ALL SELECT 'case.update', 163, 1, 10000006, now() + interval '1 day'
    UNION ALL SELECT 'customs.back_by', ret + 710000000, m, id, now() + interval '30 days' FROM o WHERE kind = 8
    UNION ALL SELECT 'dispute.seller_turn', 182, 1, 10000006, now() + interval '1 day'
    UNION ALL SELECT 'carrier.evaluate', id, merchant_id, NULL::bigint, now() + interval '1 month' FROM carriers
    UNION ALL SELECT 'work.claim', work, m, id, now() + interval '1 hour' FROM o WHERE kind = 5
    UNION ALL SELECT 'message.retry', 100000000 + i, m, id, now() + interval '1 minute' FROM o WHERE kind = 0
    UNION ALL SELECT 'payment.check', payment, m, id, now() + interval '1 minute' FROM o WHERE kind = 0
    UNION ALL SELECT 'parcel.silence', parcel, m, id, now() + interval '1 day' FROM o WHERE shipped AND NOT done
    UNION ALL SELECT 'archive.keep', id, m, id, now() + interval '1 hour' FROM o WHERE kind = 2
    UNION ALL SELECT 'archive.put_away', id, m, id, now() + interval '90 days' FROM o WHERE done
    UNION ALL SELECT 'archive.erase', id, m, id, now() + interval '3 years' FROM o WHERE done AND kind <> 9) AS running;
INSERT INTO deadline_pauses (kind, subject_id, merchant_id, paused_at, waiting_for, left_when_paused, ended_at)
SELECT 'order.pay_by', id, m, at, 'buyer', '1 hour', at FROM o WHERE kind = 0;
INSERT INTO calendars (id, merchant_id, version, terms, actor_kind, at) VALUES (81, NULL, 1, '{}', 'system', now()), (82, 1, 1, '{}', 'system', now());
INSERT INTO extensions (id, merchant_id, kinds, due_from, due_before, by_span, reason, expected, actor_kind, at, at_kind, reached_at, extended, finished_at)
SELECT 83, m, '{order.pay_by}', now() - interval '1 hour', now() + interval '1 hour', '1 hour', 'holiday', '{}', 'system', now(), 1, now(), 1, now()
FROM o WHERE kind = 0 ORDER BY id LIMIT 1;
INSERT INTO extended_deadlines (extension_id, kind, subject_id, merchant_id, order_id, was_at, now_at)
SELECT 83, 'order.pay_by', id, m, id, now(), now() + interval '1 hour' FROM o WHERE kind = 0 ORDER BY id LIMIT 1;
INSERT INTO idempotency_keys (principal, key, fingerprint, status, subject_id, at) SELECT 51, 'k' || i, '\x', 201, id, at FROM o;
INSERT INTO payment_methods (id, merchant_id, provider, method, name, limits, closed, updated_at)
VALUES (71, NULL, 'sandbox', 'qr', '{}', '[]', '[]', now()), (72, 1, 'sandbox', 'qr', '{}', '[]', '[]', now());
INSERT INTO statements (id, provider, content_hash, lines, taken_at, compared_at) VALUES (73, 'sandbox', '\x', 1, now(), now());
INSERT INTO statement_lines (statement_id, line, provider, kind, provider_ref, state, currency, amount, at)
VALUES (73, 2, 'sandbox', 'charge', 'ch_unknown', 'captured', 'CNY', 1, now());
INSERT INTO differences (id, statement_id, merchant_id, kind, line_kind, provider_ref, payment_id, send_back_id, line, found_at)
SELECT 74, 73, m, 'amount_differs', 'refund', 'rf_' || send_back, payment, send_back, 2, now() FROM o WHERE kind = 8 LIMIT 1;
INSERT INTO provider_notices (provider, event_id, subject_id, body_hash, outcome, at) SELECT 'sandbox', 'e' || i, payment, '\x', 'captured', at FROM o WHERE paid;
INSERT INTO staff_secrets (staff_id, password_hash) VALUES (41, 'x');
INSERT INTO sessions (id, secret_hash, staff_id, device, begun_at, seen_at, proved_at, ends_at)
VALUES (91, '\x01', 41, '', now(), now(), now(), now() + interval '12 hours');
INSERT INTO invitations (staff_id, secret_hash, expires_at) VALUES (42, '\x02', now());
INSERT INTO guest_links (order_id, renewed) SELECT id, 1 FROM o WHERE kind = 0 ORDER BY id LIMIT 1;
INSERT INTO order_notes (id, order_id, merchant_id, is_shown, said_by_kind, said_by, at)
SELECT 95, id, m, true, 'staff', 41, now() FROM o ORDER BY id LIMIT 1;
INSERT INTO note_mentions (note_id, staff_id, order_id, merchant_id) SELECT id, 41, order_id, merchant_id FROM order_notes;
INSERT INTO order_tags (order_id, tag, merchant_id, at) SELECT order_id, 'vip', merchant_id, now() FROM order_notes;
INSERT INTO order_keepers (order_id, merchant_id, staff_id, by_kind, by, at)
SELECT order_id, merchant_id, 41, 'staff', 41, now() FROM order_notes;
INSERT INTO carrier_notes (id, carrier_id, merchant_id, text, said_by_kind, at)
SELECT 96, id, merchant_id, 'late', 'staff', now() FROM carriers WHERE merchant_id IS NOT NULL ORDER BY id LIMIT 1;
INSERT INTO kept_views (id, merchant_id, staff_id, path, name, query, created_at) VALUES (92, 1, 41, '/orders', 'mine', '{}', now());
INSERT INTO own_keys (staff_id, merchant_id, keys, chosen_at) VALUES (41, 1, '{"a": "Z"}', now());
INSERT INTO open_sheets (id, merchant_id, staff_id, kind, sheet_id, seen_at) SELECT 93, 1, 41, 'order', id, now() FROM o ORDER BY id LIMIT 1;
INSERT INTO guest_codes (order_id, number, asked_at, counted_since, counted) SELECT id, 1, now(), now(), 1 FROM o WHERE kind = 0 ORDER BY id LIMIT 1;
