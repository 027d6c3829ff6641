"""The same by the API: which list and which act of the pages has a door there, and the line that one copies."""

from collections.abc import Mapping
from shlex import quote
from urllib.parse import quote as in_path
from urllib.parse import urlencode

import msgspec

# Lists by their address: where the API has the same, and what narrows it there, by the page's word for it.
_SAME = ("merchant",)
LISTS: dict[str, tuple[str, Mapping[str, str]]] = {
    path: (there, {name: name for name in names} | dict(more))
    for path, there, names, more in (
        ("/orders", "/v1/orders", ("merchant", "state", "only"), {}),
        ("/returns", "/v1/returns", ("merchant", "decision", "journey", "outcome", "resolution", "order"), {}),
        ("/q/review", "/v1/reviews", ("merchant", "state"), {}),
        ("/q/returns", "/v1/returns/queue", _SAME, {}),
        ("/q/disputes", "/v1/disputes", ("merchant", "state"), {}),
        ("/q/exceptions", "/v1/cases", ("merchant", "state", "kind"), {}),
        ("/q/refunds", "/v1/refunds", _SAME, {}),
        ("/q/inspection", "/v1/inspections", _SAME, {}),
        ("/parcels/unmatched", "/v1/strays", ("merchant", "state"), {}),
        ("/exchanges", "/v1/exchanges", _SAME, {}),
        ("/archive", "/v1/archive", ("merchant", "reference"), {}),
        ("/archive/failures", "/v1/archive/failures", _SAME, {}),
        ("/reconciliation", "/v1/statements", (), {}),
        ("/reconciliation/differences", "/v1/differences", _SAME, {}),
        ("/reconciliation/books", "/v1/ledger/balances", _SAME, {}),
        ("/settlements", "/v1/settlements", ("merchant", "currency", "state"), {}),
        ("/settlements/{settlement_id}/lines", "/v1/settlements/{settlement_id}/lines", (), {}),
        ("/settlements/agreements", "/v1/agreements", _SAME, {}),
        ("/settlements/deposits", "/v1/merchant-deposits", _SAME, {}),
        ("/settlements/deposits/movements", "/v1/merchant-deposits/movements", _SAME, {}),
        ("/payouts", "/v1/payouts", _SAME, {}),
        ("/invoices", "/v1/invoices", ("merchant", "state"), {}),
        ("/stock", "/v1/stock", ("merchant", "warehouse", "sku"), {}),
        ("/channels", "/v1/channels", _SAME, {}),
        ("/carriers", "/v1/carriers", _SAME, {}),
        ("/abuse", "/v1/abuse/flags", ("merchant", "state"), {}),
        ("/policies", "/v1/policies", _SAME, {}),
        ("/policies/{policy_id}/backtests", "/v1/policies/{policy_id}/backtests", (), {}),
        ("/promotions", "/v1/promotions", ("merchant", "state"), {}),
        ("/promotions/{promotion_id}/grants", "/v1/coupons/{promotion_id}/grants", (), {}),
        ("/rules", "/v1/review-rules", (), {}),
        ("/keys", "/v1/keys", _SAME, {}),
        ("/requests", "/v1/requests", ("merchant", "key", "ended", "code", "route"), {"request": "request_id"}),
        ("/webhooks", "/v1/webhook-endpoints", _SAME, {}),
        ("/webhooks/{webhook_endpoint_id}/deliveries", "/v1/webhook-endpoints/{webhook_endpoint_id}/deliveries", ("state", "type"), {}),
        ("/events", "/v1/events", (), {}),
        ("/people", "/v1/staff", _SAME, {}),
    )
}  # fmt: skip
# Acts that the API has under its own /v1 and the same words.
ACTS = frozenset(
    [
        "/archive/{order_id}/hold",
        "/carriers/{code}/evaluate",
        "/carriers/{code}/grade",
        "/carriers/{code}/restore",
        "/carriers/{code}/suspend",
        "/cases/{case_id}/ask",
        "/cases/{case_id}/attach",
        "/cases/{case_id}/claims",
        "/cases/{case_id}/close",
        "/cases/{case_id}/escalate",
        "/cases/{case_id}/hand_over",
        "/cases/{case_id}/note",
        "/cases/{case_id}/take",
        "/cases/{case_id}/withdraw",
        "/claims/{claim_id}/answer",
        "/claims/{claim_id}/file",
        "/claims/{claim_id}/recover",
        "/claims/{claim_id}/write_off",
        "/differences/{difference_id}/resolve",
        "/disputes/{dispute_id}/accept",
        "/disputes/{dispute_id}/appeal",
        "/disputes/{dispute_id}/comply",
        "/disputes/{dispute_id}/elsewhere",
        "/disputes/{dispute_id}/execute",
        "/disputes/{dispute_id}/resume",
        "/disputes/{dispute_id}/rule",
        "/disputes/{dispute_id}/show",
        "/disputes/{dispute_id}/suspend",
        "/disputes/{dispute_id}/withdraw",
        "/exchanges/{exchange_id}/change",
        "/exchanges/{exchange_id}/ship-ahead",
        "/exchanges/{exchange_id}/take-money",
        "/invoices/{invoice_id}/correct",
        "/invoices/{invoice_id}/retry",
        "/keys/{key_id}/replace",
        "/keys/{key_id}/revoke",
        "/offers/{offer_id}/decline",
        "/offers/{offer_id}/take",
        "/offers/{offer_id}/take_back",
        "/orders/{order_id}/assign",
        "/orders/{order_id}/cancel",
        "/orders/{order_id}/hold",
        "/orders/{order_id}/release",
        "/orders/{order_id}/split",
        "/payout-runs/{payout_run_id}/approve",
        "/payout-runs/{payout_run_id}/drop",
        "/payouts/{payout_id}/confirm",
        "/payouts/{payout_id}/fail",
        "/policies/{policy_id}/announce",
        "/policies/{policy_id}/backtests",
        "/policies/{policy_id}/withdraw",
        "/promotions/{promotion_id}/schedule",
        "/promotions/{promotion_id}/stop",
        "/purses/{purse_id}/block",
        "/purses/{purse_id}/extend",
        "/purses/{purse_id}/take_back",
        "/purses/{purse_id}/unblock",
        "/refunds/{refund_id}/approve",
        "/refunds/{refund_id}/refuse",
        "/refunds/{refund_id}/retry",
        "/remedies/{remedy_id}/approve",
        "/remedies/{remedy_id}/pay",
        "/remedies/{remedy_id}/refuse",
        "/repairs/{repair_id}/arrive",
        "/repairs/{repair_id}/choose",
        "/repairs/{repair_id}/fail",
        "/repairs/{repair_id}/pause",
        "/repairs/{repair_id}/relapse",
        "/repairs/{repair_id}/resume",
        "/repairs/{repair_id}/send-back",
        "/returns/{return_id}/answer",
        "/returns/{return_id}/appeal",
        "/returns/{return_id}/approve",
        "/returns/{return_id}/ask",
        "/returns/{return_id}/extend",
        "/returns/{return_id}/refuse",
        "/returns/{return_id}/send",
        "/returns/{return_id}/withdraw",
        "/reviews/{review_id}/answer",
        "/reviews/{review_id}/approve",
        "/reviews/{review_id}/ask",
        "/reviews/{review_id}/block",
        "/reviews/{review_id}/escalate",
        "/reviews/{review_id}/put_back",
        "/reviews/{review_id}/reject",
        "/reviews/{review_id}/unblock",
        "/rulings/{ruling_id}/refuse",
        "/rulings/{ruling_id}/sign",
        "/settlements/{settlement_id}/close",
        "/stocktakes/{stocktake_id}/approve",
        "/stocktakes/{stocktake_id}/refuse",
        "/transfers/{transfer_id}/receive",
    ]
)
# Acts that are called otherwise there.
RENAMED = {
    "/orders/{order_id}/unwrite": "/v1/orders/{order_id}/notes/take_back",
    "/refunds/{refund_id}/take-back": "/v1/refunds/{refund_id}/take_back",
    "/returns/{return_id}/unsay": "/v1/returns/{return_id}/remarks/take_back",
    "/deliveries/{webhook_delivery_id}/resend": "/v1/webhook-deliveries/{webhook_delivery_id}/replay",
    "/webhooks/{webhook_endpoint_id}/replay": "/v1/webhook-endpoints/{webhook_endpoint_id}/replay",
    "/webhooks/{webhook_endpoint_id}/test": "/v1/webhook-endpoints/{webhook_endpoint_id}/test",
    "/webhooks/{webhook_endpoint_id}/enable": "/v1/webhook-endpoints/{webhook_endpoint_id}/enable",
    "/webhooks/{webhook_endpoint_id}/disable": "/v1/webhook-endpoints/{webhook_endpoint_id}/disable",
    "/webhooks/{webhook_endpoint_id}/rotate": "/v1/webhook-endpoints/{webhook_endpoint_id}/rotate_secret",
    "/webhooks/{webhook_endpoint_id}/answer": "/v1/sandbox/catchers/{webhook_endpoint_id}/answer",
    "/sandbox/advance": "/v1/sandbox/clock/advance",
    "/reviews/{review_id}/claim": "/v1/reviews/claim",
}  # fmt: skip


class Call(msgspec.Struct, frozen=True):
    """A call of the API that does what a page does."""

    method: str
    path: str
    query: Mapping[str, str] = {}
    has_body: bool = False


def of_list(path: str, words: Mapping[str, str], asked: Mapping[str, object]) -> Call | None:
    """The call that gives what a list shows; `path` as it is declared, `words` what stands in its braces."""
    if path not in LISTS:
        return None
    there, names = LISTS[path]
    query = {names[name]: str(value) for name, value in asked.items() if name in names and value}
    return Call("GET", _filled(there, words), query)


def of_act(path: str, words: Mapping[str, str], *, has_body: bool) -> Call | None:
    """The call that does what an act does; what was typed goes into its body, in the API's own words."""
    there = RENAMED.get(path) or (f"/v1{path}" if path in ACTS else None)
    return None if there is None else Call("POST", _filled(there, words), has_body=has_body)


def as_curl(call: Call, house: str) -> str:
    """A call as a line for a terminal; the key comes from where Quick start puts it."""
    address = house + call.path + (f"?{urlencode(call.query)}" if call.query else "")
    parts = [
        "curl -s",
        "" if call.method == "GET" else f"-X {call.method}",
        quote(address),
        '-H "Authorization: Bearer $DINGDAN_KEY"',
    ]
    if call.method == "POST":
        parts.append('-H "Idempotency-Key: $(uuidgen)"')
    if call.has_body:
        parts.append("-H 'Content-Type: application/json' -d @body.json")
    return " ".join(part for part in parts if part)


def _filled(path: str, words: Mapping[str, str]) -> str:
    for name, word in words.items():
        path = path.replace(f"{{{name}}}", in_path(word, safe=""))
    return path
