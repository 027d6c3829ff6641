"""Return policies as buyers read them before they buy: for product pages, checkouts and help centres, open to all."""

import base64
import hashlib
from datetime import datetime
from html import escape
from typing import Annotated, Literal

import msgspec
from litestar import Response
from msgspec import Meta

from dingdan.areas import merchants, policies, policy_desk
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Text
from dingdan.kernel.times import local_date
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import language
from dingdan.surfaces.shared.doors import Ask, get
from dingdan.surfaces.shared.wire import Input, List, Sku, View, Word, json_response

WHY_OPEN = "buyers read the policy before they buy; it is the same for everybody"
Region = Annotated[str, Meta(pattern="^[A-Za-z]{2}$", description="The buyer's country (ISO 3166), or EU.")]
# It may be shown inside other pages; nothing in it runs or is loaded, and only its own style applies.
STYLE = (
    ".dingdan-policy{font:inherit;line-height:1.6;max-width:46rem}"
    ".dingdan-policy h2{font-size:1.2em;margin:0 0 .5em}.dingdan-policy h3{font-size:1em;margin:1em 0 .25em}"
    ".dingdan-policy ul{margin:0;padding-left:1.2em}.dingdan-policy__article{opacity:.7;font-size:.85em}"
    ".dingdan-policy__ask{border:1px solid;padding:.75em;margin:.75em 0}.dingdan-policy__foot{opacity:.7;font-size:.85em}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "cache-control": "public, max-age=60",
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
}
PAGE_HEADERS = HEADERS | {
    "content-security-policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'",
    "vary": "accept-language",
}
VERSION = Text("Version {version}, in force since {since}", "版本 {version}，自 {since} 起施行")
NEXT = Text("From {since} version {version} applies to new orders.", "自 {since} 起，新订单适用版本 {version}。")
ASK = Text("To be confirmed at checkout, for this purchase", "下单时须就本次购买单独确认")
OPTIONAL = Text(
    "Without your confirmation it stays returnable. Nothing is ticked for you.",
    "未经您确认，该商品仍可退货；系统不会默认勾选。",
)


class SheetQuery(Input, frozen=True, kw_only=True):
    """For which place, which product and a buyer where; without a product what holds for all."""

    place: Literal["product", "checkout", "help"] = "help"
    sku: Sku | None = None
    region: Region | None = None


class FragmentQuery(Input, frozen=True, kw_only=True):
    """The same, in which language (else by Accept-Language), and whether with its own style."""

    place: Literal["product", "checkout", "help"] = "help"
    sku: Sku | None = None
    region: Region | None = None
    lang: Literal["en", "zh"] | None = None
    styled: Literal["yes", "no"] = "yes"


class SaidView(View, frozen=True, kw_only=True):
    """One sentence in both languages, with the rule and article that it rests on."""

    words: Text
    rule: str | None
    article: str | None


class SectionView(View, frozen=True, kw_only=True):
    """Sentences about one thing."""

    code: str
    title: Text
    said: list[SaidView]


class AskedView(View, frozen=True, kw_only=True):
    """What the buyer of this product may confirm at checkout; without it the line is returnable.

    `confirmed` is the word to send with the order's line once the buyer has agreed.
    """

    confirmed: str
    words: Text


class VersionView(View, frozen=True, kw_only=True):
    """Which version, by its hash, and since when it applies."""

    code: str
    version: str
    hash: str
    effective_from: datetime


class SheetView(View, frozen=True, kw_only=True):
    """The policy that an order would be bound to if it were placed now; quote and order carry the same hash.

    `returnable` is `yes`, `no`, `unless_confirmed` or `unless_unsealed`, for a product. `upcoming` was announced to
    follow.
    """

    place: str
    name: Text
    policy: VersionView
    upcoming: VersionView | None
    sku: str | None
    region: str | None
    returnable: str | None
    exclusion: str | None
    asks: AskedView | None
    sections: list[SectionView]


class PastVersionView(View, frozen=True, kw_only=True):
    """A version that applies, applied or will apply, with its whole document."""

    code: str
    version: str
    hash: str
    effective_from: datetime
    document: policies.PolicyDocument


@get("/v1/shops/{merchant}/return-policy", why_open=WHY_OPEN, answers=SheetView)
async def sheet(ask: Ask, merchant: Word, query: SheetQuery) -> Response[bytes]:
    """The return policy of a shop in plain words, for a product and a buyer's region: what is shown is what binds."""
    async with ask.db.reading(SYSTEM) as tx:
        shown = await policy_desk.show(
            tx, await _shop(tx, merchant), query.place, sku=query.sku, region=(query.region or "").upper()
        )
    headers = HEADERS | {"etag": f'"{shown.policy.hash}"'}
    return json_response(msgspec.json.encode(_sheet(shown)), headers=headers)


@get("/v1/shops/{merchant}/return-policy/fragment", why_open=WHY_OPEN, gives="text/html")
async def fragment(ask: Ask, merchant: Word, query: FragmentQuery) -> Response[bytes]:
    """The same as a piece of HTML to put into a page: no script, nothing to load, classes for a style of one's own."""
    tongue = query.lang or language.asked(ask.request.headers.get("accept-language", ""))
    async with ask.db.reading(SYSTEM) as tx:
        shown = await policy_desk.show(
            tx, await _shop(tx, merchant), query.place, sku=query.sku, region=(query.region or "").upper()
        )
    body = html(shown, tongue, is_styled=query.styled == "yes")
    headers = PAGE_HEADERS | {"content-language": tongue}
    return Response(body.encode(), media_type="text/html", headers=headers)


@get("/v1/shops/{merchant}/return-policy/versions", why_open=WHY_OPEN, answers=List[VersionView])
async def past(ask: Ask, merchant: Word) -> Response[bytes]:
    """Every version of the shop's policy that was published, newest first: older ones stay readable."""
    async with ask.db.reading(SYSTEM) as tx:
        found = await _versions(tx, await _shop(tx, merchant))
    items = [_version(one) for one in found]
    return json_response(msgspec.json.encode(List(items=items)), headers=HEADERS)


@get("/v1/shops/{merchant}/return-policy/versions/{version}", why_open=WHY_OPEN, answers=PastVersionView)
async def past_version(ask: Ask, merchant: Word, version: Word) -> Response[bytes]:
    """One version with its whole document, word for word."""
    async with ask.db.reading(SYSTEM) as tx:
        found = await _versions(tx, await _shop(tx, merchant))
    one = next((known for known in found if known.version == version), None)
    if one is None:
        raise policies.PolicyUnknown("path.version")
    view = PastVersionView(code=one.code, version=one.version, hash=one.hash, effective_from=one.effective_from,
                           document=one.document)  # fmt: skip
    return json_response(msgspec.json.encode(view), headers=HEADERS)


async def _shop(tx: Tx, code: str) -> merchants.Merchant:
    found = await merchants.by_code(tx, code)
    if found is None or not found.active:
        raise merchants.MerchantUnknown("path.merchant")
    return found


async def _versions(tx: Tx, shop: merchants.Merchant) -> list[policies.Policy]:
    """The shop's own versions of its policy, else those of the pack."""
    own = await policies.versions(tx, shop.id, shop.policy)
    return [*own, *await policies.versions(tx, None, shop.policy)]


def _sheet(shown: policy_desk.Sheet) -> SheetView:
    document, asks = shown.policy.document, shown.confirmation
    return SheetView(
        place=shown.place, name=Text(document.name.en, document.name.zh), policy=_version(shown.policy),
        upcoming=_version(shown.next_policy) if shown.next_policy else None, sku=shown.sku,
        region=shown.region or None, returnable=shown.returnable, exclusion=shown.exclusion,
        asks=AskedView(confirmed=shown.confirmation_code or "", words=Text(asks.en, asks.zh)) if asks else None,
        sections=[
            SectionView(code=one.code, title=one.title, said=[
                SaidView(words=said.words, rule=said.rule or None, article=said.article or None) for said in one.said
            ])
            for one in shown.sections
        ],
    )  # fmt: skip


def _version(one: policies.Policy) -> VersionView:
    return VersionView(code=one.code, version=one.version, hash=one.hash, effective_from=one.effective_from)


def html(shown: policy_desk.Sheet, tongue: language.Tongue, *, is_styled: bool) -> str:
    """The fragment; everything in it that came from anybody is escaped."""

    def say(text: Text) -> str:
        return escape(language.pick(text, tongue))

    def version(text: Text, one: policies.Policy) -> str:
        since = local_date(one.effective_from, one.document.zone)
        return say(text.filled({"version": one.version, "since": since.isoformat()}))

    policy, document = shown.policy, shown.policy.document
    head = (
        f'<section class="dingdan-policy dingdan-policy--{escape(shown.place)}" lang="{tongue}"'
        f' data-policy="{escape(policy.code)}" data-version="{escape(policy.version)}" data-hash="{escape(policy.hash)}">'
    )
    parts = [f"<style>{STYLE}</style>"] if is_styled else []
    parts += [head, f"<h2>{say(Text(document.name.en, document.name.zh))}</h2>"]
    for section in shown.sections:
        items = "".join(
            f"<li>{say(said.words)}"
            + (f' <span class="dingdan-policy__article">{escape(said.article)}</span>' if said.article else "")
            + "</li>"
            for said in section.said
        )
        parts.append(f'<h3 class="dingdan-policy__{escape(section.code)}">{say(section.title)}</h3><ul>{items}</ul>')
    if shown.confirmation is not None:
        words = Text(shown.confirmation.en, shown.confirmation.zh)
        parts.append(
            f'<div class="dingdan-policy__ask" data-confirmed="{escape(shown.confirmation_code or "")}">'
            f"<strong>{say(ASK)}</strong><p>{say(words)}</p><p>{say(OPTIONAL)}</p></div>"
        )
    foot = version(VERSION, policy)
    if shown.next_policy is not None:
        foot += " " + version(NEXT, shown.next_policy)
    parts.append(f'<p class="dingdan-policy__foot">{foot}</p></section>')
    return "".join(parts)


ROUTES = [sheet, fragment, past, past_version]
