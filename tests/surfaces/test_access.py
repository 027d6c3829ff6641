"""Every route is tried without a key, with every role's key and with another merchant's: made from the app itself."""

import re
import uuid
from typing import Any

import httpx
import pytest
from litestar import Litestar

from dingdan.areas import identity
from dingdan.kernel import ids
from dingdan.plumbing.database import Database
from dingdan.plumbing.files import Files
from dingdan.plumbing.settings import Settings
from dingdan.surfaces.api.app import create_app, doors
from dingdan.surfaces.shared import guards
from dingdan.surfaces.shared.doors import Ask, Door, get
from tests import given
from tests.surfaces.callers import Caller
from tests.surfaces.conftest import SANDBOX, key
from tests.surfaces.everything import BODIES, PICTURE, SKU, everything

pytestmark = pytest.mark.requirement("issue 2: who may")

OPEN = "open"
# Every route and what it takes. A route that is missing here fails the build: somebody has to think about it.
TABLE = {
    "GET /health/live": OPEN,
    "GET /health/ready": OPEN,
    "GET /metrics": OPEN,
    "GET /docs": OPEN,
    "GET /docs/{name}": OPEN,
    "GET /problems/{code}": OPEN,
    "GET /v1/openapi.json": OPEN,
    "GET /v1/shops/{merchant}/return-policy": OPEN,
    "GET /v1/shops/{merchant}/return-policy/fragment": OPEN,
    "GET /v1/shops/{merchant}/return-policy/versions": OPEN,
    "GET /v1/shops/{merchant}/return-policy/versions/{version}": OPEN,
    "POST /v1/callbacks/payments/{provider}": OPEN,
    "POST /v1/callbacks/carriers/{carrier}": OPEN,
    "GET /v1/merchants": "merchant.read",
    "GET /v1/merchants/{code}": "merchant.read",
    "PUT /v1/merchants/{code}": "merchant.write",
    "GET /v1/warehouses": "warehouse.read",
    "GET /v1/warehouses/{code}": "warehouse.read",
    "PUT /v1/warehouses/{code}": "warehouse.write",
    "GET /v1/channels": "channel.read",
    "GET /v1/channels/{code}": "channel.read",
    "PUT /v1/channels/{code}": "channel.write",
    "POST /v1/channels/{code}/orders": "channel_order.write",
    "POST /v1/channels/{code}/orders/bulk": "channel_order.write",
    "GET /v1/channels/{code}/orders": "channel_order.read",
    "GET /v1/channels/{code}/orders/{channel_order_id}": "channel_order.read",
    "POST /v1/channels/{code}/orders/{channel_order_id}/retry": "channel_order.write",
    "POST /v1/channels/{code}/orders/{channel_order_id}/resolve": "channel_order.write",
    "PUT /v1/channels/{code}/sku-map": "channel_order.write",
    "GET /v1/channels/{code}/sku-map": "channel_order.read",
    "GET /v1/channels/{code}/updates": "channel_order.read",
    "POST /v1/channels/{code}/updates/ack": "channel_order.write",
    "GET /v1/carriers": "carrier.read",
    "GET /v1/carriers/{code}": "carrier.read",
    "PUT /v1/carriers/{code}": "carrier.write",
    "GET /v1/carriers/detect": "carrier.read",
    "POST /v1/carriers/{code}/suspend": "carrier.decide",
    "POST /v1/carriers/{code}/restore": "carrier.decide",
    "POST /v1/carriers/{code}/evaluate": "carrier.decide",
    "POST /v1/carriers/{code}/grade": "carrier.decide",
    "GET /v1/carriers/{code}/scorecard": "carrier.read",
    "GET /v1/carriers/{code}/scorecards": "carrier.read",
    "GET /v1/work/{work_id}/carrier-suggestion": "work.read",
    "GET /v1/lanes": "carrier.read",
    "GET /v1/lanes/{code}": "carrier.read",
    "PUT /v1/lanes/{code}": "carrier.write",
    "POST /v1/lanes/preview": "carrier.read",
    "POST /v1/addresses/check": "order.place",
    "GET /v1/products": "product.read",
    "GET /v1/products/{sku}": "product.read",
    "PUT /v1/products/{sku}": "product.write",
    "PUT /v1/prices/{sku}": "price.write",
    "GET /v1/promotions": "promotion.read",
    "POST /v1/promotions": "promotion.write",
    "GET /v1/promotions/{promotion_id}": "promotion.read",
    "PUT /v1/promotions/{promotion_id}": "promotion.write",
    "POST /v1/promotions/{promotion_id}/schedule": "promotion.write",
    "POST /v1/promotions/{promotion_id}/stop": "promotion.write",
    "POST /v1/promotions/{promotion_id}/preview": "promotion.read",
    "GET /v1/coupons": "promotion.read",
    "GET /v1/coupons/{promotion_id}/grants": "promotion.read",
    "POST /v1/coupons/{promotion_id}/grants": "promotion.write",
    "GET /v1/freight-rules": "product.read",
    "PUT /v1/freight-rules": "price.write",
    "GET /v1/tax-rules": "product.read",
    "PUT /v1/tax-rules": "price.write",
    "GET /v1/points-rule": "product.read",
    "PUT /v1/points-rule": "price.write",
    "GET /v1/stock": "stock.read",
    "PUT /v1/stock/{warehouse}/{sku}": "stock.write",
    "GET /v1/stock-movements": "stock.read",
    "POST /v1/stock-movements": "stock.move",
    "POST /v1/stock/thaw": "stock.approve",
    "PUT /v1/safety-stock/{warehouse}/{sku}": "stock.write",
    "PUT /v1/bins/{warehouse}/{sku}": "stock.write",
    "GET /v1/transfers": "stock.read",
    "POST /v1/transfers": "stock.move",
    "GET /v1/transfers/{transfer_id}": "stock.read",
    "POST /v1/transfers/{transfer_id}/receive": "stock.move",
    "GET /v1/stocktakes": "stock.read",
    "POST /v1/stocktakes": "stock.move",
    "GET /v1/stocktakes/{stocktake_id}": "stock.read",
    "POST /v1/stocktakes/{stocktake_id}/approve": "stock.approve",
    "POST /v1/stocktakes/{stocktake_id}/refuse": "stock.approve",
    "GET /v1/channels/{code}/stock": "stock.read",
    "POST /v1/channels/{code}/stock/acknowledge": "channel.sync",
    "GET /v1/channels/{code}/sync": "stock.read",
    "GET /v1/channels/{code}/pools": "stock.read",
    "PUT /v1/channels/{code}/pools/{sku}": "stock.write",
    "POST /v1/imports/{kind}": "import.run",
    "POST /v1/products/{sku}/release-price": "price.write",
    "POST /v1/products/{sku}/picture": "product.write",
    "POST /v1/products/{sku}/drop-picture": "product.write",
    "PUT /v1/merchants/{code}/theme": "merchant.write",
    "POST /v1/merchants/{code}/logo": "merchant.write",
    "POST /v1/quotes": "order.place",
    "POST /v1/orders": "order.place",
    "POST /v1/orders/bulk": "order.place",
    "GET /v1/checkouts/{checkout_id}": "order.read",
    "POST /v1/reminders": "reminder.ask",
    "GET /v1/reminders": "reminder.read",
    "GET /v1/orders": "order.read",
    "GET /v1/orders/{order_id}": "order.read",
    "GET /v1/orders/{order_id}/timeline": "order.read",
    "POST /v1/orders/{order_id}/cancel": "order.cancel",
    "POST /v1/orders/{order_id}/change-address": "order.change",
    "POST /v1/orders/{order_id}/change-quantities": "order.change",
    "GET /v1/orders/{order_id}/split": "order.split",
    "POST /v1/orders/{order_id}/split": "order.split",
    "GET /v1/orders/{order_id}/merge-suggestions": "order.read",
    "POST /v1/orders/{order_id}/hold": "order.hold",
    "POST /v1/orders/{order_id}/release": "order.hold",
    "POST /v1/orders/{order_id}/receive": "order.receive",
    "POST /v1/orders/{order_id}/object": "order.receive",
    "POST /v1/orders/{order_id}/withdraw-objection": "order.receive",
    "POST /v1/orders/{order_id}/settle-objection": "objection.settle",
    "POST /v1/orders/{order_id}/feedback": "feedback.give",
    "GET /v1/orders/{order_id}/feedback": "order.read",
    "POST /v1/orders/{order_id}/feedback/hide": "feedback.hide",
    "POST /v1/orders/{order_id}/feedback/show": "feedback.hide",
    "GET /v1/orders/{order_id}/customs": "order.read",
    "PUT /v1/orders/{order_id}/customs-release": "customs.note",
    "POST /v1/orders/{order_id}/customs-returns": "customs.note",
    "POST /v1/customs-returns/{customs_return_id}/back": "customs.note",
    "POST /v1/customs-returns/{customs_return_id}/withdraw": "customs.note",
    "GET /v1/archive": "archive.read",
    "GET /v1/archive/failures": "archive.read",
    "GET /v1/archive/{order_id}": "archive.read",
    "GET /v1/archive/{order_id}/case-file": "archive.read",
    "POST /v1/archive/{order_id}/hold": "archive.hold",
    "POST /v1/archive/{order_id}/lift-hold": "archive.hold",
    "POST /v1/orders/{order_id}/payments": "payment.start",
    "GET /v1/orders/{order_id}/confirmations": "message.read",
    "GET /v1/orders/{order_id}/confirmations/{version}": "message.read",
    "POST /v1/orders/{order_id}/confirmations/{version}/resend": "message.resend",
    "GET /v1/orders/{order_id}/messages": "message.read",
    "GET /v1/messages/{message_id}": "message.read",
    "POST /v1/checkouts/{checkout_id}/payments": "payment.start",
    "GET /v1/payments/{payment_id}": "payment.read",
    "GET /v1/payment-methods": "payment.read",
    "PUT /v1/payment-methods/{provider}/{method}": "method.write",
    "POST /v1/credit/grants": "credit.grant",
    "GET /v1/credit": "credit.read",
    "GET /v1/purses/{purse_id}": "credit.read",
    "POST /v1/purses/{purse_id}/take_back": "credit.grant",
    "POST /v1/purses/{purse_id}/block": "credit.grant",
    "POST /v1/purses/{purse_id}/unblock": "credit.grant",
    "POST /v1/purses/{purse_id}/extend": "credit.grant",
    "POST /v1/cards": "credit.grant",
    "POST /v1/cards/look": "credit.read",
    "GET /v1/work": "work.read",
    "GET /v1/work/queue": "work.read",
    "GET /v1/work/combinable": "work.read",
    "GET /v1/work/{work_id}/place": "work.read",
    "GET /v1/work/{work_id}/pictures": "work.read",
    "POST /v1/work/{work_id}/pictures": "work.do",
    "POST /v1/work/{work_id}/short": "work.do",
    "GET /v1/work/{work_id}/packing-slip.pdf": "label.print",
    "GET /v1/parcels/{parcel_id}/label.pdf": "label.print",
    "POST /v1/waves": "work.do",
    "GET /v1/waves/{wave_id}": "work.read",
    "GET /v1/orders/{order_id}/packing": "evidence.read",
    "GET /v1/orders/{order_id}/consents": "evidence.read",
    "GET /v1/pictures/{picture_id}": "evidence.read",
    "POST /v1/consents": "consent.write",
    "POST /v1/consents/{consent_id}/withdraw": "consent.write",
    "GET /v1/consents/texts": "work.read",
    "POST /v1/parcels/import": "parcel.upload",
    "POST /v1/work/claim": "work.do",
    "POST /v1/work/{work_id}/pack": "work.do",
    "POST /v1/work/{work_id}/put_back": "work.do",
    "POST /v1/work/{work_id}/ship": "parcel.ship",
    "GET /v1/parcels/{parcel_id}": "parcel.read",
    "POST /v1/parcels/{parcel_id}/receive": "return.receive",
    "POST /v1/parcels/{parcel_id}/scans": "parcel.scan",
    "GET /v1/feeds": "carrier.read",
    "GET /v1/orders/{order_id}/tracking": "parcel.read",
    "POST /v1/carriers/{code}/scans/import": "parcel.scan",
    "POST /v1/orders/{order_id}/intercept": "order.cancel",
    "POST /v1/parcels/{parcel_id}/intercept": "parcel.intercept",
    "POST /v1/sandbox/parcels/{parcel_id}/plan": "sandbox.use",
    "GET /v1/reviews": "review.read",
    "GET /v1/reviews/{review_id}": "review.read",
    "POST /v1/reviews/claim": "review.decide",
    "POST /v1/reviews/{review_id}/put_back": "review.decide",
    "POST /v1/reviews/{review_id}/approve": "review.decide",
    "POST /v1/reviews/{review_id}/reject": "review.decide",
    "POST /v1/reviews/{review_id}/ask": "review.decide",
    "POST /v1/reviews/{review_id}/answer": "review.answer",
    "POST /v1/reviews/{review_id}/escalate": "review.decide",
    "POST /v1/reviews/{review_id}/block": "review.block",
    "POST /v1/reviews/{review_id}/unblock": "review.block",
    "GET /v1/calendars": "calendar.read",
    "PUT /v1/calendars": "calendar.write",
    "POST /v1/calendars/preview": "calendar.read",
    "GET /v1/deadlines": "deadline.read",
    "GET /v1/deadlines/extensions": "deadline.read",
    "POST /v1/deadlines/extensions": "deadline.extend",
    "POST /v1/deadlines/extensions/preview": "deadline.extend",
    "GET /v1/deadlines/extensions/{extension_id}": "deadline.read",
    "GET /v1/review-rules": "review_rule.read",
    "GET /v1/review-rules/{code}": "review_rule.read",
    "PUT /v1/review-rules/{code}": "review_rule.write",
    "PUT /v1/review-rules/{code}/switch": "review_rule.write",
    "POST /v1/review-rules/preview": "review_rule.write",
    "POST /v1/review-rules/defaults": "review_rule.write",
    "GET /v1/review-terms": "review_rule.read",
    "PUT /v1/review-terms": "review_rule.write",
    "POST /v1/exchanges/preview": "return.apply",
    "POST /v1/exchanges": "return.apply",
    "GET /v1/exchanges": "return.read",
    "GET /v1/exchanges/{exchange_id}": "return.read",
    "POST /v1/exchanges/{exchange_id}/change": "return.apply",
    "POST /v1/exchanges/{exchange_id}/take-money": "return.apply",
    "POST /v1/exchanges/{exchange_id}/ship-ahead": "exchange.ship_ahead",
    "GET /v1/repairs": "return.read",
    "GET /v1/repairs/{repair_id}": "return.read",
    "POST /v1/repairs/{repair_id}/send-back": "repair.work",
    "POST /v1/repairs/{repair_id}/fail": "repair.work",
    "POST /v1/repairs/{repair_id}/report-lost": "repair.work",
    "POST /v1/repairs/{repair_id}/pause": "repair.work",
    "POST /v1/repairs/{repair_id}/resume": "repair.work",
    "POST /v1/repairs/{repair_id}/arrive": "repair.work",
    "POST /v1/repairs/{repair_id}/confirm": "return.apply",
    "POST /v1/repairs/{repair_id}/choose": "return.apply",
    "POST /v1/repairs/{repair_id}/relapse": "return.apply",
    "POST /v1/returns/preview": "return.apply",
    "POST /v1/returns": "return.apply",
    "GET /v1/returns": "return.read",
    "GET /v1/returns/{return_id}": "return.read",
    "GET /v1/returns/{return_id}/timeline": "return.read",
    "POST /v1/returns/{return_id}/change": "return.apply",
    "GET /v1/returns/queue": "return.decide",
    "GET /v1/returns/{return_id}/thread": "return.read",
    "POST /v1/returns/{return_id}/remarks": "return.apply",
    "POST /v1/returns/{return_id}/remarks/take_back": "return.decide",
    "POST /v1/returns/{return_id}/ask": "return.decide",
    "POST /v1/returns/{return_id}/answer": "return.apply",
    "POST /v1/returns/{return_id}/appeal": "return.apply",
    "GET /v1/returns/{return_id}/offers": "return.read",
    "POST /v1/returns/{return_id}/offers": "return.apply",
    "GET /v1/disputes": "dispute.read",
    "GET /v1/disputes/{dispute_id}": "dispute.read",
    "POST /v1/returns/{return_id}/disputes": "dispute.argue",
    "POST /v1/cases/{case_id}/disputes": "dispute.argue",
    "POST /v1/disputes/{dispute_id}/show": "dispute.argue",
    "POST /v1/disputes/{dispute_id}/withdraw": "dispute.argue",
    "POST /v1/disputes/{dispute_id}/accept": "dispute.argue",
    "POST /v1/disputes/{dispute_id}/appeal": "dispute.argue",
    "POST /v1/disputes/{dispute_id}/rule": "dispute.rule",
    "POST /v1/orders/{order_id}/disputes": "dispute.argue",
    "POST /v1/disputes/{dispute_id}/execute": "dispute.rule",
    "POST /v1/disputes/{dispute_id}/comply": "dispute.argue",
    "POST /v1/disputes/{dispute_id}/suspend": "dispute.rule",
    "POST /v1/disputes/{dispute_id}/elsewhere": "dispute.argue",
    "POST /v1/disputes/{dispute_id}/resume": "dispute.rule",
    "POST /v1/rulings/{ruling_id}/sign": "dispute.rule",
    "POST /v1/rulings/{ruling_id}/refuse": "dispute.rule",
    "POST /v1/offers/{offer_id}/take": "return.apply",
    "POST /v1/offers/{offer_id}/decline": "return.apply",
    "POST /v1/offers/{offer_id}/counter": "return.apply",
    "POST /v1/offers/{offer_id}/take_back": "return.apply",
    "GET /v1/orders/{order_id}/withdrawals": "return.read",
    "POST /v1/orders/{order_id}/withdrawals": "return.apply",
    "POST /v1/withdrawals/{withdrawal_id}/confirm": "return.apply",
    "GET /v1/withdrawals/{withdrawal_id}": "return.read",
    "POST /v1/orders/{order_id}/evidence": "return.apply",
    "GET /v1/orders/{order_id}/evidence": "return.read",
    "GET /v1/evidence/{evidence_id}": "return.read",
    "POST /v1/returns/{return_id}/approve": "return.decide",
    "POST /v1/returns/{return_id}/refuse": "return.decide",
    "POST /v1/returns/{return_id}/withdraw": "return.apply",
    "POST /v1/returns/{return_id}/send": "return.send",
    "POST /v1/returns/{return_id}/receive": "return.receive",
    "POST /v1/returns/{return_id}/inspect": "return.inspect",
    "GET /v1/returns/{return_id}/way-back": "return.read",
    "POST /v1/returns/{return_id}/extend": "return.send",
    "POST /v1/returns/{return_id}/address": "return.decide",
    "POST /v1/returns/{return_id}/address/answer": "return.send",
    "POST /v1/returns/{return_id}/labels": "return.send",
    "GET /v1/return-labels/{return_label_id}/label.pdf": "return.send",
    "POST /v1/return-parcels/scans": "parcel.scan",
    "POST /v1/reviews/{review_id}/mend-address": "review.decide",
    "GET /v1/orders/{order_id}/notes": "order.read",
    "POST /v1/orders/{order_id}/notes": "note.write",
    "POST /v1/orders/{order_id}/notes/take_back": "note.write",
    "POST /v1/orders/{order_id}/notes/seen": "note.read",
    "POST /v1/orders/tags": "note.write",
    "GET /v1/orders/{order_id}/tags": "note.read",
    "POST /v1/orders/assign": "note.write",
    "POST /v1/orders/{order_id}/assign": "note.write",
    "GET /v1/orders/{order_id}/keeper": "note.read",
    "GET /v1/carriers/{code}/notes": "carrier.read",
    "POST /v1/carriers/{code}/notes": "carrier.decide",
    "POST /v1/strays": "return.receive",
    "GET /v1/strays": "return.read",
    "GET /v1/strays/{stray_id}": "return.read",
    "POST /v1/strays/{stray_id}/match": "return.receive",
    "POST /v1/strays/{stray_id}/ask": "return.decide",
    "POST /v1/strays/{stray_id}/close": "return.receive",
    "POST /v1/strays/{stray_id}/pictures": "return.receive",
    "GET /v1/strays/{stray_id}/pictures": "return.read",
    "GET /v1/stray-pictures/{stray_picture_id}": "return.read",
    "GET /v1/returned-goods": "return.read",
    "GET /v1/returned-goods/ageing": "return.read",
    "GET /v1/returned-goods/{goods_id}": "return.read",
    "POST /v1/returned-goods/{goods_id}/dispose": "return.dispose",
    "POST /v1/returned-goods/{goods_id}/offer": "return.decide",
    "POST /v1/returned-goods/{goods_id}/choose": "return.apply",
    "GET /v1/inspections": "return.read",
    "GET /v1/returns/{return_id}/inspection": "return.inspect",
    "POST /v1/returns/{return_id}/inspect/confirm": "return.inspect",
    "POST /v1/returns/{return_id}/inspection-pictures": "return.inspect",
    "GET /v1/returns/{return_id}/inspection-pictures": "return.read",
    "GET /v1/inspection-pictures/{inspection_picture_id}": "return.read",
    "GET /v1/refunds": "refund.read",
    "GET /v1/refunds/{refund_id}": "refund.read",
    "POST /v1/refunds/{refund_id}/approve": "refund.approve",
    "POST /v1/refunds/{refund_id}/refuse": "refund.approve",
    "POST /v1/refunds/{refund_id}/take_back": "refund.approve",
    "POST /v1/refunds/{refund_id}/retry": "refund.retry",
    "POST /v1/refunds/{refund_id}/take_offline": "refund.retry",
    "GET /v1/abuse/flags": "abuse.read",
    "GET /v1/abuse/flags/{abuse_flag_id}": "abuse.read",
    "POST /v1/abuse/flags/{abuse_flag_id}/confirm": "abuse.decide",
    "POST /v1/abuse/flags/{abuse_flag_id}/lift": "abuse.decide",
    "POST /v1/abuse/flags/{abuse_flag_id}/hand_over": "abuse.report",
    "GET /v1/abuse/handovers/{abuse_handover_id}/package": "abuse.report",
    "GET /v1/abuse/figures": "abuse.read",
    "GET /v1/notices": "abuse.ask",
    "GET /v1/notices/{abuse_flag_id}/reason": "abuse.ask",
    "POST /v1/notices/{abuse_flag_id}/ask_review": "abuse.ask",
    "POST /v1/notices/{abuse_flag_id}/appeal": "abuse.ask",
    "POST /v1/orders/{order_id}/hand-payouts": "refund.consent",
    "GET /v1/hand-payouts/{hand_payout_id}": "refund.read",
    "GET /v1/hand-payouts/{hand_payout_id}/account": "refund.approve",
    "POST /v1/hand-payouts/{hand_payout_id}/pay": "refund.approve",
    "POST /v1/hand-payouts/{hand_payout_id}/confirm": "refund.approve",
    "POST /v1/hand-payouts/{hand_payout_id}/not-found": "refund.approve",
    "POST /v1/hand-payouts/{hand_payout_id}/drop": "refund.retry",
    "POST /v1/providers/{provider}/statements": "ledger.reconcile",
    "GET /v1/statements": "ledger.reconcile",
    "GET /v1/statements/{statement_id}": "ledger.reconcile",
    "GET /v1/differences": "ledger.reconcile",
    "POST /v1/differences/{difference_id}/resolve": "ledger.reconcile",
    "GET /v1/sandbox/statement": "sandbox.use",
    "GET /v1/events": "event.read",
    "POST /v1/webhook-endpoints": "webhook.write",
    "GET /v1/webhook-endpoints": "webhook.read",
    "GET /v1/webhook-endpoints/{webhook_endpoint_id}": "webhook.read",
    "PATCH /v1/webhook-endpoints/{webhook_endpoint_id}": "webhook.write",
    "DELETE /v1/webhook-endpoints/{webhook_endpoint_id}": "webhook.write",
    "POST /v1/webhook-endpoints/{webhook_endpoint_id}/rotate_secret": "webhook.write",
    "POST /v1/webhook-endpoints/{webhook_endpoint_id}/enable": "webhook.write",
    "POST /v1/webhook-endpoints/{webhook_endpoint_id}/disable": "webhook.write",
    "POST /v1/webhook-endpoints/{webhook_endpoint_id}/test": "webhook.write",
    "POST /v1/webhook-endpoints/{webhook_endpoint_id}/replay": "webhook.write",
    "GET /v1/webhook-endpoints/{webhook_endpoint_id}/deliveries": "webhook.read",
    "GET /v1/webhook-deliveries/{webhook_delivery_id}": "webhook.read",
    "POST /v1/webhook-deliveries/{webhook_delivery_id}/replay": "webhook.write",
    "GET /v1/ledger/balances": "ledger.read",
    "GET /v1/policies": "policy.read",
    "GET /v1/policies/{policy_id}": "policy.read",
    "PUT /v1/policies/{code}/{version}": "policy.write",
    "GET /v1/policies/{policy_id}/life": "policy.write",
    "GET /v1/policies/{policy_id}/table": "policy.read",
    "GET /v1/policy-versions": "policy.write",
    "POST /v1/policies/lint": "policy.write",
    "PUT /v1/policies/{code}/{version}/draft": "policy.write",
    "POST /v1/policies/{policy_id}/announce": "policy.write",
    "POST /v1/policies/{policy_id}/withdraw": "policy.write",
    "POST /v1/policies/{policy_id}/try": "policy.write",
    "POST /v1/policies/{policy_id}/backtests": "policy.write",
    "GET /v1/policies/{policy_id}/backtests": "policy_figure.read",
    "GET /v1/policy-backtests/{backtest_id}": "policy_figure.read",
    "GET /v1/policy-figures": "policy_figure.read",
    "PUT /v1/orders/{order_id}/late-notice": "policy.write",
    "GET /v1/keys": "key.read",
    "POST /v1/keys": "key.manage",
    "GET /v1/keys/{key_id}": "key.read",
    "POST /v1/keys/{key_id}/replace": "key.manage",
    "GET /v1/requests": "key.read",
    "POST /v1/keys/{key_id}/revoke": "key.manage",
    "GET /v1/staff": "staff.read",
    "GET /v1/staff/{login}": "staff.read",
    "PUT /v1/staff/{login}": "staff.manage",
    "POST /v1/buyers/{buyer_id}/forget": "buyer.forget",
    "GET /v1/cases": "case.read",
    "POST /v1/cases": "case.open",
    "GET /v1/cases/{case_id}": "case.read",
    "GET /v1/orders/{order_id}/cases": "order.read",
    "POST /v1/orders/{order_id}/cases": "case.report",
    "POST /v1/cases/{case_id}/take": "case.work",
    "POST /v1/cases/{case_id}/hand_over": "case.work",
    "POST /v1/cases/{case_id}/escalate": "case.work",
    "POST /v1/cases/{case_id}/attach": "case.work",
    "POST /v1/cases/{case_id}/note": "case.work",
    "POST /v1/cases/{case_id}/update": "case.work",
    "POST /v1/cases/{case_id}/ask": "case.work",
    "POST /v1/cases/{case_id}/answer": "case.report",
    "POST /v1/cases/{case_id}/correct_address": "case.work",
    "POST /v1/cases/{case_id}/close": "case.work",
    "POST /v1/cases/{case_id}/withdraw": "case.work",
    "POST /v1/cases/{case_id}/rate": "case.report",
    "POST /v1/cases/{case_id}/remedies": "case.work",
    "POST /v1/cases/{case_id}/claims": "claim.work",
    "POST /v1/remedies/{remedy_id}/approve": "case.lead",
    "POST /v1/remedies/{remedy_id}/refuse": "case.work",
    "POST /v1/remedies/{remedy_id}/accept": "case.report",
    "POST /v1/remedies/{remedy_id}/decline": "case.report",
    "POST /v1/remedies/{remedy_id}/pay": "refund.approve",
    "POST /v1/claims/{claim_id}/file": "claim.work",
    "POST /v1/claims/{claim_id}/answer": "claim.work",
    "POST /v1/claims/{claim_id}/recover": "claim.work",
    "POST /v1/claims/{claim_id}/write_off": "claim.work",
    "GET /v1/case-kinds": "case_kind.read",
    "GET /v1/case-kinds/{code}": "case_kind.read",
    "PUT /v1/case-kinds/{code}": "case_kind.write",
    "GET /v1/case-terms": "case_kind.read",
    "PUT /v1/case-terms": "case_kind.write",
    "PUT /v1/case-skills/{staff_id}": "case_kind.write",
    "GET /v1/agreements": "settlement.read",
    "POST /v1/agreements": "settlement.write",
    "GET /v1/settlements": "settlement.read",
    "GET /v1/settlements/{settlement_id}": "settlement.read",
    "GET /v1/settlements/{settlement_id}/lines": "settlement.read",
    "POST /v1/settlements/{settlement_id}/close": "settlement.write",
    "GET /v1/orders/{order_id}/settlement-lines": "settlement.read",
    "GET /v1/merchant-deposits": "settlement.read",
    "GET /v1/merchant-deposits/movements": "settlement.read",
    "POST /v1/merchant-deposits/top-up": "merchant_deposit.write",
    "POST /v1/merchant-deposits/draw": "merchant_deposit.write",
    "GET /v1/payout-runs": "payout.prepare",
    "POST /v1/payout-runs": "payout.prepare",
    "GET /v1/payout-runs/{payout_run_id}": "payout.prepare",
    "GET /v1/payout-runs/{payout_run_id}/file.csv": "payout.prepare",
    "POST /v1/payout-runs/{payout_run_id}/approve": "payout.approve",
    "POST /v1/payout-runs/{payout_run_id}/drop": "payout.prepare",
    "GET /v1/payouts": "settlement.read",
    "POST /v1/payouts/{payout_id}/confirm": "payout.prepare",
    "POST /v1/payouts/{payout_id}/fail": "payout.prepare",
    "POST /v1/orders/{order_id}/invoice-requests": "invoice.request",
    "GET /v1/orders/{order_id}/invoices": "invoice.read",
    "POST /v1/invoice-requests/{invoice_request_id}/withdraw": "invoice.request",
    "GET /v1/invoices": "invoice.read",
    "GET /v1/invoices/{invoice_id}": "invoice.read",
    "GET /v1/invoices/{invoice_id}/invoice.pdf": "invoice.read",
    "POST /v1/invoices/{invoice_id}/correct": "invoice.request",
    "POST /v1/invoices/{invoice_id}/retry": "invoice.write",
    "GET /v1/invoice-seller": "merchant.read",
    "PUT /v1/invoice-seller": "invoice.write",
    "POST /v1/sandbox/invoice-faults": "sandbox.use",
    "POST /v1/sandbox/catchers": "webhook.write",
    "POST /v1/sandbox/catchers/{webhook_endpoint_id}/answer": "webhook.write",
    "GET /v1/sandbox/catchers/{webhook_endpoint_id}/caught": "webhook.read",
    "GET /v1/sandbox/clock": "sandbox.use",
    "POST /v1/sandbox/clock/advance": "sandbox.use",
    "POST /v1/sandbox/payments/{payment_id}/pay": "sandbox.use",
    "POST /v1/sandbox/faults": "sandbox.use",
    "POST /v1/sandbox/faults/mend": "sandbox.use",
}


# Codes of one's own shop, and of the program.
OWN_CODES = ("/problems", "/v1/warehouses", "/v1/channels", "/v1/carriers", "/v1/lanes")


def name(door: Door) -> str:
    """A route as the table names it."""
    return f"{door.method} {door.path}"


def filled(door: Door, words: dict[str, str]) -> str:
    """The path of a route, its braces filled."""
    return re.sub(r"{(\w+)}", lambda brace: words.get(brace[1], "x"), door.path)


async def knock(caller: Caller, door: Door, words: dict[str, str]) -> httpx.Response:
    """Try a route with a body of the right form, or none."""
    body: Any = {"json": BODIES[name(door)]} if name(door) in BODIES else {}
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    return await caller.request(door.method, filled(door, words), headers=headers, **body)


def test_every_route_stands_in_the_table(app: Litestar) -> None:
    assert {name(door): door.permission or OPEN for door in doors(app)} == TABLE


async def test_nobody_enters_without_a_key(app: Litestar, anybody: Caller) -> None:
    for door in doors(app):
        answer = await knock(anybody, door, {})
        assert (answer.status_code == 401) == (TABLE[name(door)] != OPEN), name(door)


async def test_a_wrong_key_is_no_key(http: httpx.AsyncClient) -> None:
    for secret in ("", "ddk_wrong", "ddk_" + "A" * 43, "x" * 5000, "ddk_\xe9"):
        header = f"Bearer {secret}".encode("latin-1")
        answer = await http.get("/v1/orders", headers=[(b"authorization", header)])
        assert answer.status_code == 401, secret[:50]
        assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_each_role_enters_where_its_permissions_say(
    app: Litestar, http: httpx.AsyncClient, db: Database, shop: given.Shop
) -> None:
    for role, permissions in identity.ROLES.items():
        caller = Caller(http, await key(db, merchant_id=shop.merchant_id, scopes=permissions))
        for door in doors(app):
            if TABLE[name(door)] != OPEN:
                answer = await knock(caller, door, {})
                may = TABLE[name(door)] in permissions
                told = f"{role} {name(door)}: {answer.status_code} {answer.text}"
                is_shut_out = answer.status_code == 401 or (not answer.is_success and "auth.not_allowed" in answer.text)
                assert is_shut_out != may, told


@pytest.mark.requirement("S-01")
async def test_another_merchants_things_do_not_exist(
    app: Litestar, stranger: Caller, http: httpx.AsyncClient, db: Database
) -> None:
    shop = await given.shop(db, prices={SKU: 5000, "MUG": 19900}, message_channels=("sms",))
    words = await everything(db, shop)
    missing = {name: ids.encode(name.removesuffix("_id"), 77) if name.endswith("_id") else "NOWHERE" for name in words}
    asked = [door for door in doors(app) if any(name.endswith("_id") for name in door.things)]
    asked += [door for door in doors(app) if door.method == "GET" and {"code", "sku", "login"} & set(door.things)]
    for door in asked:
        if door.path.startswith(OWN_CODES):
            continue
        theirs, none = await knock(stranger, door, words), await knock(stranger, door, missing)
        assert theirs.status_code == none.status_code == 404, f"{name(door)}: {theirs.text} {none.text}"
        assert anonymous(theirs, words) == anonymous(none, missing), name(door)


def anonymous(answer: httpx.Response, words: dict[str, str]) -> str:
    """A body without what the caller sent and without its correlation."""
    text = answer.text.replace(answer.headers["x-request-id"], "")
    for word in words.values():
        text = text.replace(word, "")
    return text


async def test_the_owner_reaches_all_of_it(app: Litestar, http: httpx.AsyncClient, db: Database) -> None:
    shop = await given.shop(db, prices={SKU: 5000, "MUG": 19900}, message_channels=("sms",))
    words = await everything(db, shop)
    owner = Caller(http, await key(db, merchant_id=shop.merchant_id))
    Files(app.state.settings.data_dir).put(PICTURE)
    for door in doors(app):
        # A provider's statement is about every merchant, so it is the platform's.
        if door.method == "GET" and door.things and door.permission and "statement_id" not in door.things:
            codes = {
                "/v1/warehouses/{code}": "HZ", "/v1/review-rules/{code}": "own_rule", "/v1/lanes/{code}": "east",
                "/v1/case-kinds/{code}": "damage",
            }  # fmt: skip
            codes |= dict.fromkeys(
                [path for one in doors(app) if (path := one.path).startswith("/v1/carriers/{code}")], "sf"
            )
            codes |= dict.fromkeys(
                [path for one in doors(app) if (path := one.path).startswith("/v1/channels/{code}")], "web"
            )
            # In the archive lies what is over.
            over = {"order_id": words["kept"]} if door.path.startswith("/v1/archive/") else {}
            answer = await knock(owner, door, words | {"code": codes.get(door.path, words["code"])} | over)
            assert answer.status_code == 200, f"{name(door)}: {answer.text}"


async def test_naming_another_merchant_is_naming_none(stranger: Caller, shop: given.Shop, db: Database) -> None:
    async with db.connection() as connection:
        code = await connection.fetchval("SELECT code FROM merchants WHERE id = $1", shop.merchant_id)
    paths = ["/v1/orders", "/v1/returns", "/v1/refunds", "/v1/products", "/v1/warehouses", "/v1/channels", "/v1/stock"]
    paths += ["/v1/keys", "/v1/staff", "/v1/policies", "/v1/ledger/balances", "/v1/reviews", "/v1/review-rules"]
    paths += ["/v1/carriers", "/v1/lanes", "/v1/cases", "/v1/case-kinds", "/v1/archive", "/v1/archive/failures"]
    paths += ["/v1/keys", "/v1/staff", "/v1/policies", "/v1/ledger/balances", "/v1/promotions", "/v1/coupons"]
    paths += ["/v1/abuse/flags", "/v1/abuse/figures"]
    paths += ["/v1/agreements", "/v1/settlements", "/v1/merchant-deposits", "/v1/payouts", "/v1/invoices"]
    paths += ["/v1/freight-rules", "/v1/tax-rules", "/v1/points-rule", "/v1/webhook-endpoints"]
    for path in paths:
        theirs = await stranger.get(path, params={"merchant": code})
        none = await stranger.get(path, params={"merchant": "nobody"})
        assert theirs.status_code == none.status_code == 404, path
        assert anonymous(theirs, {}) == anonymous(none, {}), path
        by_id = await stranger.get(path, params={"merchant": ids.encode("merchant", shop.merchant_id)})
        assert by_id.status_code == 404, path


async def test_lists_show_nothing_of_others(stranger: Caller, shop: given.Shop, db: Database) -> None:
    order_id = await given.paid_order(db, shop)
    await given.settle(db)
    shown = [(await stranger.get(path)).text for path in ("/v1/orders", "/v1/events", "/v1/ledger/balances")]
    assert not [text for text in shown if ids.encode("order", order_id) in text]
    assert not [text for text in shown if ids.encode("merchant", shop.merchant_id) in text]


async def test_a_return_names_ones_own_orders_only(stranger: Caller, shop: given.Shop, db: Database) -> None:
    order_id = await given.delivered_order(db, shop)
    answers = [
        await stranger.post(
            "/v1/returns", {"buyer": "buyer-1", "lines": [{"order_id": oid, "line_no": 1, "quantity": 1}]}
        )
        for oid in (ids.encode("order", order_id), ids.encode("order", 77))
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert anonymous(answers[0], {}) == anonymous(answers[1], {})


@pytest.mark.requirement("S-04")
async def test_a_revoked_key_bites_at_once(http: httpx.AsyncClient, db: Database, merchant: Caller) -> None:
    made = (await merchant.post("/v1/keys", {"name": "till", "scopes": ["order.read"]})).json()
    till = Caller(http, made["secret"])
    assert (await till.get("/v1/orders")).status_code == 200
    assert (await merchant.post(f"/v1/keys/{made['key']['id']}/revoke")).status_code == 200
    assert (await till.get("/v1/orders")).status_code == 401


@pytest.mark.requirement("S-04")
async def test_a_changed_role_bites_at_once(http: httpx.AsyncClient, db: Database, merchant: Caller) -> None:
    person = {"name": "Someone", "roles": ["reviewer"]}
    staff = (await merchant.put("/v1/staff/someone", person)).json()
    wanted = {"name": "hers", "staff": staff["id"], "scopes": ["order.read", "return.decide"]}
    hers = Caller(http, (await merchant.post("/v1/keys", wanted)).json()["secret"])
    nothing = f"/v1/returns/{ids.encode('return', 77)}/approve"
    assert (await hers.post(nothing)).status_code == 404
    await merchant.put("/v1/staff/someone", person | {"roles": ["logistics"]})
    assert (await hers.post(nothing)).status_code == 403
    assert (await hers.get("/v1/orders")).status_code == 200
    await merchant.put("/v1/staff/someone", person | {"active": False})
    assert (await hers.get("/v1/orders")).status_code == 401


@pytest.mark.requirement("S-02")
async def test_a_route_that_says_nothing_stops_the_start() -> None:
    @get("/v1/forgotten")
    async def forgotten(_ask: Ask) -> dict[str, str]:
        """Nobody thought about it."""
        return {}

    broken = Litestar(route_handlers=[forgotten], openapi_config=None)
    with pytest.raises(guards.UnguardedRoute, match="/v1/forgotten"):
        guards.demand_guards(broken)


async def test_a_permission_that_does_not_exist_stops_the_start() -> None:
    @get("/v1/mistyped", permission="order.raed")
    async def mistyped(_ask: Ask) -> dict[str, str]:
        """A slip of the hand."""
        return {}

    broken = Litestar(route_handlers=[mistyped], openapi_config=None)
    with pytest.raises(guards.UnguardedRoute, match=r"order\.raed"):
        guards.demand_guards(broken)


@pytest.mark.requirement("S-28")
async def test_live_mode_has_no_sandbox(db: Database) -> None:
    live = {name(door) for door in doors(create_app(db, Settings(mode="live")))}
    assert {name(door) for door in doors(create_app(db, SANDBOX))} - live == {
        one for one in TABLE if "/sandbox/" in one
    }
