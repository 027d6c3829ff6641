-- A small shop's whole story, or a large one's, straight into the tables: $orders orders of $lines lines each.
-- The last digit of an order's number says how it went:
--   0 awaits payment   1 expired   2 cancelled   3 paid, cancelled, refunded   4 queued   5 being picked
--   6 on its way   7 completed   8 completed, one unit of line 1 came back and was refunded   9 money came twice
INSERT INTO merchants (id, code, name, zone, currency, policy, settings, created_at, updated_at)
SELECT m, 'shop-' || m, '{"en": "Shop"}', 'Asia/Shanghai', 'CNY', 'cn_statutory', '{}', now(), now() FROM generate_series(1, 2) m;
INSERT INTO policies (id, merchant_id, code, version, hash, document, effective_from, created_at)
VALUES (31, NULL, 'cn_statutory', '1', 'h', '{}', now() - interval '9 years', now()),
       (32, 1, 'own', '1', 'h', '{}', now(), now());
INSERT INTO warehouses (id, merchant_id, code, name, zone, return_address, created_at, updated_at)
SELECT 10 + m, m, 'W', '{}', 'Asia/Shanghai', '{}', now(), now() FROM generate_series(1, 2) m;
INSERT INTO channels (id, merchant_id, code, name, currency, warehouse_id, created_at, updated_at)
SELECT 20 + m, m, 'web-' || m, '{}', 'CNY', 10 + m, now(), now() FROM generate_series(1, 2) m;
INSERT INTO staff (id, merchant_id, login, name, roles, created_at)
VALUES (41, 1, 'li', 'Li', '{customer_service}', now()), (42, 1, 'wu', 'Wu', '{finance}', now());
INSERT INTO api_keys (id, merchant_id, staff_id, name, secret_hash, scopes, created_at)
VALUES (51, 1, 41, 'till', '\x01', '{}', now());
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
SELECT 100000 + id, merchant_id, id, 'CN', '', '', '\x', '\x', '\x', '\x', now() FROM buyers;
INSERT INTO reminders (id, merchant_id, kind, buyer_id, contact_id, product_id, quantity, asked_at)
SELECT 500000 + b.id, b.merchant_id, 'in_stock', b.id, 100000 + b.id, p.id, 1, now()
FROM buyers b JOIN LATERAL (SELECT id FROM products WHERE merchant_id = b.merchant_id LIMIT 1) p ON true LIMIT 5;

CREATE TEMP TABLE o ON COMMIT DROP AS
SELECT i, 10000000 + i AS id, 20000000 + i AS checkout, 30000000 + i AS payment, 40000000 + i AS capture,
       50000000 + i AS refund, 60000000 + i AS send_back, 70000000 + i AS parcel, 80000000 + i AS work,
       90000000 + i AS ret, 1 + i % 2 AS m, i % 10 AS kind, i % 10 >= 3 AS paid, i % 10 >= 6 AS shipped, i % 10 >= 7 AS done,
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
    CASE kind WHEN 0 THEN 1 WHEN 1 THEN 2 WHEN 2 THEN 2 WHEN 3 THEN 3 WHEN 4 THEN 2 WHEN 5 THEN 2 WHEN 6 THEN 2 ELSE 3 END,
    'CNY', t.goods, 500, t.goods + 500, CASE kind WHEN 3 THEN t.goods + 500 WHEN 8 THEN t.first ELSE 0 END, 31, 'h', 'R' || o.id, at,
    CASE kind WHEN 0 THEN now() + interval '1 hour' ELSE at + interval '1 hour' END,
    CASE WHEN paid THEN at END, CASE WHEN kind >= 5 THEN at END, CASE WHEN shipped THEN at END, CASE WHEN done THEN at END,
    CASE WHEN done THEN at END, CASE WHEN done THEN at END, CASE WHEN kind IN (1, 2, 3) THEN at END, CASE WHEN kind IN (2, 3) THEN 'buyer' END
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
) x;
INSERT INTO stock (warehouse_id, product_id, merchant_id, on_hand, quarantine, reserved)
SELECT warehouse_id, product_id, merchant_id, COALESCE(sum(quantity) FILTER (WHERE bucket = 'on_hand'), 0),
       COALESCE(sum(quantity) FILTER (WHERE bucket = 'quarantine'), 0),
       COALESCE((SELECT sum(quantity) FROM l WHERE l.product = product_id AND kind IN (0, 4, 5)), 0)
FROM movements GROUP BY warehouse_id, product_id, merchant_id;

INSERT INTO payments (id, checkout_id, merchant_id, provider, method, state, version, currency, amount, provider_ref, started_at, captured_at)
SELECT payment, checkout_id, m, 'sandbox', 'instant', CASE kind WHEN 0 THEN 'pending' ELSE 'captured' END, CASE kind WHEN 0 THEN 2 ELSE 3 END,
       'CNY', total, 'ch_' || payment, at, CASE kind WHEN 0 THEN NULL ELSE at END
FROM o JOIN orders USING (id) WHERE paid OR kind = 0;
INSERT INTO payment_allotments (order_id, payment_id, merchant_id, amount)
SELECT id, payment, m, total FROM o JOIN orders USING (id) WHERE paid OR kind = 0;
INSERT INTO captures (id, payment_id, order_id, merchant_id, kind, currency, amount, provider, provider_ref, at)
SELECT capture, payment, id, m, 'normal', 'CNY', total, 'sandbox', 'ch_' || payment, at FROM o JOIN orders USING (id) WHERE paid
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
SELECT id, provider_ref, method, CASE state WHEN 'captured' THEN 'captured' ELSE 'pending' END, amount, 'CNY', '[]', 0, 'CNY', now() FROM payments;
INSERT INTO sandbox_psp.refunds (number, ref, charge, state, amount, currency, made_at)
SELECT id, provider_ref, payment_id, 'arrived', amount, 'CNY', now() FROM send_backs;
INSERT INTO sandbox_psp.log (at, kind, number, ref, merchant_id, order_id, currency, amount)
SELECT now(), 'charge', payment_id, min(provider_ref), merchant_id, order_id, 'CNY', sum(amount) FROM captures GROUP BY payment_id, merchant_id, order_id
UNION ALL SELECT now(), 'refund', id, provider_ref, merchant_id, order_id, 'CNY', -amount FROM send_backs;

INSERT INTO accounts (id, merchant_id, code, currency)
SELECT 600 + m * 10 + n, m, code, 'CNY' FROM generate_series(1, 2) m,
    (VALUES (1, 'psp_clearing'), (2, 'buyer_funds'), (3, 'excess_funds'), (4, 'refunds_payable')) a (n, code);
CREATE TEMP TABLE p ON COMMIT DROP AS
SELECT row_number() OVER () + 700000000 AS id, x.* FROM (
    SELECT merchant_id AS m, 'capture' AS source, id AS source_id, order_id, amount, 1 AS debit, CASE kind WHEN 'normal' THEN 2 ELSE 3 END AS credit FROM captures
    UNION ALL SELECT merchant_id, 'refund', id, order_id, amount, CASE cause WHEN 'excess' THEN 3 ELSE 2 END, 4 FROM refunds
    UNION ALL SELECT merchant_id, 'send_back', id, order_id, amount, 4, 1 FROM send_backs
) x;
INSERT INTO postings (id, merchant_id, source, source_id, order_id, currency, at) SELECT id, m, source, source_id, order_id, 'CNY', now() FROM p;
INSERT INTO entries (posting_id, n, account_id, merchant_id, currency, amount)
SELECT id, 1, 600 + m * 10 + debit, m, 'CNY', amount FROM p UNION ALL SELECT id, 2, 600 + m * 10 + credit, m, 'CNY', -amount FROM p;

INSERT INTO work_orders (id, order_id, merchant_id, warehouse_id, state, version, paid_at, claimed_at, created_at)
SELECT work, id, m, 10 + m, CASE WHEN shipped THEN 'handed_over' WHEN kind = 5 THEN 'picking' ELSE 'queued' END,
       CASE WHEN shipped THEN 4 WHEN kind = 5 THEN 2 ELSE 1 END, at, CASE WHEN kind >= 5 THEN at END, at FROM o WHERE kind >= 4;
INSERT INTO parcels (id, merchant_id, warehouse_id, carrier, tracking_number, state, version, dispatched_at, delivered_at, last_scan_at)
SELECT parcel, m, 10 + m, 'sandbox', 'SBX' || parcel, CASE WHEN done THEN 'delivered' ELSE 'dispatched' END, CASE WHEN done THEN 2 ELSE 1 END,
       at, CASE WHEN done THEN at END, CASE WHEN done THEN at END FROM o WHERE shipped;
INSERT INTO tracking_numbers (carrier, number, parcel_id) SELECT carrier, tracking_number, id FROM parcels;
INSERT INTO parcel_lines (order_id, parcel_id, line_no, merchant_id, quantity) SELECT id, parcel, n, m, quantity FROM l WHERE shipped;
INSERT INTO scans (parcel_id, event_id, merchant_id, code, place, at, received_at) SELECT parcel, 'd', m, 'delivered', '', at, at FROM o WHERE done;

INSERT INTO return_requests (id, merchant_id, buyer_id, at) SELECT ret + 800000000, m, 200000 + i % 100, at FROM o WHERE kind = 8;
INSERT INTO returns (id, order_id, request_id, merchant_id, warehouse_id, decision, journey, outcome, version, policy_id, requested_at,
    decided_at, received_at, inspected_at, settled_at, refund_id)
SELECT ret, id, ret + 800000000, m, 10 + m, 'approved', 'received', 'settled', 6, 31, at, at, at, at, at, refund FROM o WHERE kind = 8;
INSERT INTO return_lines (order_id, return_id, line_no, merchant_id, product_id, quantity, reason, received, accepted)
SELECT id, ret, n, m, product, 1, 'NO_REASON', 1, 1 FROM l WHERE kind = 8 AND n = 1;
INSERT INTO return_parcels (id, merchant_id, carrier, tracking_number, sent_at, received_at)
SELECT ret + 700000000, m, 'sandbox', 'BACK' || ret, at, at FROM o WHERE kind = 8;
INSERT INTO return_parcel_items (return_parcel_id, return_id, merchant_id) SELECT ret + 700000000, ret, m FROM o WHERE kind = 8;
INSERT INTO inspections (id, order_id, return_id, merchant_id, inspector_kind, at)
SELECT ret + 600000000, id, ret, m, 'system', at FROM o WHERE kind = 8;
INSERT INTO inspection_lines (inspection_id, n, merchant_id, line_no, quantity, is_original, intact, grade, disposition, note)
SELECT ret + 600000000, 1, m, 1, 1, true, true, 'A', 'restock', '' FROM o WHERE kind = 8;

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
        (kind = 3, 5, 'order.cancelled', 'order', id, 'order', 'confirmed', 'cancelled', 3),
        (done, 20, 'order.completed', 'order', id, 'order', 'confirmed', 'completed', 3),
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
        (kind = 8, 31, 'return.approved', 'return', ret, 'return_decision', 'requested', 'approved', 2),
        (kind = 8, 32, 'return.sent', 'return', ret, 'return_journey', 'at_buyer', 'sent', 3),
        (kind = 8, 33, 'return.received', 'return', ret, 'return_journey', 'sent', 'received', 4),
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
) x;
INSERT INTO reaction_cursors (reaction, position) SELECT 'orders.queue_for_fulfilment', max(position) FROM facts;
INSERT INTO deadlines (kind, subject_id, merchant_id, due_at)
SELECT 'order.pay_by', id, m, now() + interval '1 hour' FROM o WHERE kind = 0
UNION ALL SELECT 'payment.check', payment, m, now() + interval '1 minute' FROM o WHERE kind = 0;
INSERT INTO idempotency_keys (principal, key, fingerprint, status, subject_id, at) SELECT 51, 'k' || i, '\x', 201, id, at FROM o;
INSERT INTO provider_notices (provider, event_id, subject_id, body_hash, outcome, at) SELECT 'sandbox', 'e' || i, payment, '\x', 'captured', at FROM o WHERE paid;
