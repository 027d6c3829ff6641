"""The first calls of the API in three languages, with the caller's own key in them."""

from typing import Any

from dingdan.kernel.refusal import Text

NO_KEY = "$DINGDAN_KEY"
Snippets = list[tuple[str, str]]


def first_calls(house: str, secret: str | None, *, is_sandbox: bool) -> dict[str, Any]:
    """What Quick start shows: the first call, and what comes then. Without a secret the key comes from the environment."""
    more = [
        (Text("What waits for an answer", "待处理的退货"), _reading(house, "/v1/returns?limit=3", secret)),
        (
            Text("What happens; the answer says where to go on", "事件流，按返回的位置继续"),
            _reading(house, "/v1/events?limit=5", secret),
        ),
    ]
    if is_sandbox:
        more.append((Text("Turn the clock 48 hours forward, and see what falls due", "将沙盒时钟前进 48 小时"),
                     _doing(house, "/v1/sandbox/clock/advance", '{"hours": 48}', secret)))  # fmt: skip
    return {"secret": secret, "read": _reading(house, "/v1/orders?limit=1", secret), "more": more}


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
