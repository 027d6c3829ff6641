"""What the demo says when it stands: where everything is, and what to try."""

from collections.abc import Mapping

from dingdan.cli.demo import people
from dingdan.plumbing.settings import Settings


def greeting(settings: Settings, key: str, *, is_new: bool, links: Mapping[str, str]) -> str:
    """The words under which the demo starts; `links` lead buyers to their orders."""
    url = f"http://{settings.host}:{settings.port}"
    mail = "goes to your mail server" if settings.smtp_url else (settings.data_dir / "mail").resolve()
    desks = _listed({words: f"{url}/in/{login}" for login, words in people.DESKS.items()})
    buyers = _listed({words: f"{url}{path}" for words, path in links.items()})
    told = "Three shops with their orders were made." if is_new else "The data of last time is still here."
    return f"""
Dingdan 订单 is running. {told}

  Desks        {url}
  API          {url}/v1        演示 API
  Reference    {url}/docs
  Health       {url}/health/ready
  Metrics      {url}/metrics
  API key      {key}
  Data         {settings.data_dir.resolve()}
  Mail         {mail}

As somebody who works there (what to try first: {url}/tour):

{desks}

As a buyer, on a phone if you like (without a link: {url}/my; before buying: {url}/check):

{buyers}
{_calls(url, key)}"""


def _listed(links: Mapping[str, str]) -> str:
    return "\n".join(f"  {words:<24} {link}" for words, link in links.items())


def _calls(url: str, key: str) -> str:
    """What to try on the API, as it can be pasted."""
    bearer = f"-H 'Authorization: Bearer {key}' -H 'Content-Type: application/json'"
    return f"""
Try (copy and paste):

  curl -s -H 'Authorization: Bearer {key}' '{url}/v1/orders?merchant=lantern&limit=3'

  # One of the nine stories with a name (1-torn-dress to 9-dispute-with-proof), and what waits for an arbitrator:
  curl -s -H 'Authorization: Bearer {key}' '{url}/v1/orders?merchant=lantern&reference=story-9-dispute-with-proof'
  curl -s -H 'Authorization: Bearer {key}' '{url}/v1/disputes?state=deciding'

  # Orders that are over, in the archive (a packet for a dispute: /v1/archive/<order>/case-file):
  curl -s -H 'Authorization: Bearer {key}' '{url}/v1/archive?merchant=lantern&limit=3'

  # What the platform owes a merchant, by period (every line: /v1/settlements/<id>/lines), and an invoice:
  curl -s -H 'Authorization: Bearer {key}' '{url}/v1/settlements?merchant=lantern'
  curl -s -H 'Authorization: Bearer {key}' '{url}/v1/invoices?merchant=lantern'

  # A basket with three problems, and ready ways out of each:
  curl -s {url}/v1/quotes {bearer} \\
    -d '{{"merchant": "lantern", "channel": "web", "buyer": {{"ref": "u-1001"}}, "coupons": ["SPRING15"],
        "lines": [{{"sku": "LAMP-OAK", "quantity": 9000}}, {{"sku": "MUG-SET4", "quantity": 1}}],
        "ship_to": {{"name": "王小明", "phone": "13812345678", "country": "CN", "province": "浙江省", "city": "杭州市",
                    "district": "", "detail": "文三路 478 号"}}}}'

  # A basket of two shops with a coupon of the platform: one use, spread over the lines of both:
  curl -s {url}/v1/quotes {bearer} \\
    -d '{{"merchant": "lantern", "channel": "web", "coupons": ["ALLSHOPS30"],
        "lines": [{{"sku": "MUG-CELADON", "quantity": 2}}, {{"merchant": "greenwood", "sku": "TEE-WHITE-M", "quantity": 1}}]}}'

  # An order that goes through:
  curl -s {url}/v1/orders {bearer} \\
    -H "Idempotency-Key: $RANDOM-$RANDOM" \\
    -d '{{"merchant": "lantern", "channel": "web", "buyer": {{"ref": "u-1001"}},
        "lines": [{{"sku": "MUG-CELADON", "quantity": 2}}],
        "ship_to": {{"name": "王小明", "phone": "13812345678", "country": "CN", "province": "浙江省", "city": "杭州市",
                    "district": "西湖区", "detail": "文三路 478 号"}}}}'

The README walks the whole road from there. Ctrl-C stops everything; the data stays.
"""
