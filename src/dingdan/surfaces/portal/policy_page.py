"""Return policies in plain words, open to all: what holds now, from when, what held before, and an answer for one product."""

from typing import Annotated

from litestar import Response
from msgspec import Meta

from dingdan.areas import merchants, policies, policy_desk
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Refusal, Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.portal import pages
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import formatting, naming
from dingdan.surfaces.shared.pages.doors import itself, shown
from dingdan.surfaces.shared.pages.screens import Code, Facts, Field, Link, Own, Reason, Reasons, Section
from dingdan.surfaces.shared.wire import Input, Word

OPEN = "buyers read the policy before they buy; it is the same for everybody"
ANSWERS = {
    "yes": Reason("good", Text("It can be returned without a reason.", "支持无理由退货。")),
    "no": Reason("bad", Text("It cannot be returned without a reason. Faults can be claimed all the same.", "不支持无理由退货，质量问题仍可申请售后。")),
    "unless_confirmed": Reason("good", Text(
        "It can be returned, unless you confirm at checkout that it cannot.", "支持无理由退货，除非您下单时单独确认不适用。")),
    "unless_unsealed": Reason("good", Text("It can be returned as long as the seal is whole.", "未拆封时支持无理由退货。")),
}  # fmt: skip


class CheckQuery(Input, frozen=True, kw_only=True):
    """Which product, and where its buyer is."""

    sku: Annotated[str, Meta(max_length=100)] = ""
    region: Annotated[str, Meta(pattern="^([A-Za-z]{2})?$")] = ""


@itself("GET", "/policy", why_open=OPEN)
async def shops(ask: Ask) -> Response[str]:
    """The shops whose policies can be read."""
    async with ask.db.reading(SYSTEM) as tx:
        found = [one for one in await merchants.listed(tx, Page(limit=100)) if one.active]
        made = pages.page(Text("Return policies", "退货政策"), None, links=[
            Link(f"/policy/{one.code}", naming.in_tongues(one.name)) for one in found
        ])  # fmt: skip
        return shown(ask.request, made, tx.now)


@itself("GET", "/policy/{merchant}", why_open=OPEN)
async def sheet(ask: Ask, merchant: Word, query: CheckQuery) -> Response[str]:
    """The policy that an order would be bound to if it were placed now."""
    async with ask.db.reading(SYSTEM) as tx:
        shop = pages.dress(ask, await _shop(tx, merchant))
        try:
            found, no = (
                await policy_desk.show(tx, shop, "help", sku=query.sku.strip() or None, region=query.region.upper()),
                None,
            )
        except Refusal as refusal:
            found, no = await policy_desk.show(tx, shop, "help", sku=None, region=""), refusal
        made = _page(shop, found, await _versions(tx, shop), query)
        problems = no.problems if no else ()
        return shown(ask.request, made, tx.now, status=no.kind.value if no else 200, problems=problems)


@itself("GET", "/policy/{merchant}/{version}", why_open=OPEN)
async def past(ask: Ask, merchant: Word, version: Word) -> Response[str]:
    """One version, rule by rule, word for word."""
    async with ask.db.reading(SYSTEM) as tx:
        shop = pages.dress(ask, await _shop(tx, merchant))
        one = next((known for known in await _versions(tx, shop) if known.version == version), None)
        if one is None:
            raise policies.PolicyUnknown("path.version")
        made = pages.page(
            Text(f"{one.document.name.en}, version {one.version}", f"{one.document.name.zh} · 版本 {one.version}"), None,
            lead=_since(one), back=Link(f"/policy/{shop.code}", Text("What holds now", "现行政策")),
            main=[Reasons(Text("Rules", "规则"), [
                Reason("plain", Text(rule.en, rule.zh), rule.article) for rule in one.document.rules.values()
            ])],
        )  # fmt: skip
        return shown(ask.request, made, tx.now)


def _page(shop: merchants.Merchant, found: policy_desk.Sheet, known: list[policies.Policy], query: CheckQuery) -> Own:
    document = found.policy.document
    answer: list[Section] = []
    if found.sku is not None and found.returnable is not None:
        answer.append(Reasons(Text(f"About {found.sku}", f"商品 {found.sku}"), [ANSWERS[found.returnable]]))
    following = [Reasons(Text("What comes", "即将施行"), [Reason("plain", Text(
        f"Version {found.next_policy.version} applies to new orders from {formatting.day(found.next_policy.effective_from, 'en')}.",
        f"自 {formatting.day(found.next_policy.effective_from, 'zh')} 起，新订单适用版本 {found.next_policy.version}。"))])] if found.next_policy else []  # fmt: skip
    return pages.page(
        Text(document.name.en, document.name.zh), None, lead=_since(found.policy), template="policy.html", answer=answer,
        shop=shop.code, sku_field=_sku_field(query.sku),
        main=[
            *following,
            *(Reasons(one.title, [Reason("plain", said.words, said.article) for said in one.said]) for one in found.sections),
            Facts(Text("Versions", "历史版本"), [
                (Text(f"Version {one.version}", f"版本 {one.version}"), [one.effective_from, Link(f"/policy/{shop.code}/{one.version}", Text("Read it", "查看"))])
                for one in known
            ], note=Code(found.policy.hash[:16])),
        ],
    )  # fmt: skip


def _sku_field(sku: str) -> Field:
    hint = Text("The article number, as it stands in the shop or in your confirmation", "商品编号，见商品页或订单确认")
    return Field("sku", Text("Check my item", "查询商品能否退货"), hint=hint, value=sku, is_needed=False, longest=100)


def _since(one: policies.Policy) -> Text:
    return Text(f"Version {one.version}, in force since {formatting.long(one.effective_from, 'en')}. Your order keeps the version of the day you placed it.",
                f"版本 {one.version}，自 {formatting.long(one.effective_from, 'zh')} 起施行。订单适用下单时的版本。")  # fmt: skip


async def _shop(tx: Tx, code: str) -> merchants.Merchant:
    found = await merchants.by_code(tx, code)
    if found is None or not found.active:
        raise merchants.MerchantUnknown("path.merchant")
    return found


async def _versions(tx: Tx, shop: merchants.Merchant) -> list[policies.Policy]:
    own = await policies.versions(tx, shop.id, shop.policy)
    return [*own, *await policies.versions(tx, None, shop.policy)]


ROUTES = [shops, sheet, past]
