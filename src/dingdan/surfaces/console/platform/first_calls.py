"""The first calls of the API in three languages, with the caller's own key in them."""

from typing import Any

from dingdan.kernel.actor import Actor
from dingdan.kernel.refusal import Text

NO_KEY = "$DINGDAN_KEY"
Snippets = list[tuple[str, str]]


READS: tuple[tuple[str, Text, str], ...] = (
    ("order.read", Text("Read an order", "查询订单"), "/v1/orders?limit=1"), ("merchant.read", Text("Who sells", "商家列表"), "/v1/merchants?limit=1"),
    ("return.read", Text("What comes back", "退货列表"), "/v1/returns?limit=3"),
    ("event.read", Text("What happens; the answer says where to go on", "事件流，按返回的位置继续"), "/v1/events?limit=5"),
    ("key.read", Text("What your keys called, and why they were refused", "您的请求记录与拒绝原因"), "/v1/requests?limit=5"),
)  # fmt: skip


def first_calls(house: str, secret: str | None, actor: Actor, *, is_sandbox: bool) -> dict[str, Any]:
    """What Quick start shows: the first call that somebody may make, and what comes then.

    Without a secret the key comes from the environment.
    """
    reads = [(words, _reading(house, path, secret)) for permission, words, path in READS if actor.may(permission)]
    (_, first), *more = reads
    if is_sandbox and actor.may("sandbox.use"):
        more.append((Text("Turn the clock 48 hours forward, and see what falls due", "将沙盒时钟前进 48 小时"),
                     _doing(house, "/v1/sandbox/clock/advance", '{"hours": 48}', secret)))  # fmt: skip
    return {"secret": secret, "read": first, "more": more}


def _reading(house: str, path: str, secret: str | None) -> Snippets:
    return [
        ("curl", f"curl -s '{house}{path}' -H \"Authorization: Bearer {secret or NO_KEY}\""),
        ("Python", f"""import json, {"" if secret else "os, "}urllib.request

ask = urllib.request.Request("{house}{path}", headers={{"Authorization": {_python(secret)}}})
print(json.load(urllib.request.urlopen(ask)))"""),
        ("JavaScript", f"""const answer = await fetch("{house}{path}", {{ headers: {{ Authorization: {_script(secret)} }} }});
console.log(await answer.json());"""),
    ]  # fmt: skip


def _doing(house: str, path: str, body: str, secret: str | None) -> Snippets:
    return [
        ("curl", f"curl -s -X POST '{house}{path}' -H \"Authorization: Bearer {secret or NO_KEY}\" -H 'Idempotency-Key: try-1' "
                 f"-H 'Content-Type: application/json' -d '{body}'"),
        ("Python", f"""import json, {"" if secret else "os, "}urllib.request, uuid

ask = urllib.request.Request("{house}{path}", b'{body}', {{
    "Authorization": {_python(secret)}, "Idempotency-Key": str(uuid.uuid4()), "Content-Type": "application/json",
}})
print(json.load(urllib.request.urlopen(ask)))"""),
        ("JavaScript", f"""const answer = await fetch("{house}{path}", {{
  method: "POST", body: '{body}',
  headers: {{ Authorization: {_script(secret)}, "Idempotency-Key": crypto.randomUUID(), "Content-Type": "application/json" }},
}});
console.log(await answer.json());"""),
    ]  # fmt: skip


def _python(secret: str | None) -> str:
    return f'"Bearer {secret}"' if secret else """"Bearer " + os.environ["DINGDAN_KEY"]"""


def _script(secret: str | None) -> str:
    return f'"Bearer {secret}"' if secret else "`Bearer ${process.env.DINGDAN_KEY}`"
