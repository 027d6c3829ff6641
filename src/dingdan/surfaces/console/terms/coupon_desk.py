"""To whom a coupon is given: as codes of one use each, made in bulk, or to buyers by name."""

from typing import Annotated

from msgspec import Meta

from dingdan.areas import identity, pricing
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing, typed
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.doors import ListQuery, act, screen
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.listing import listing, slice_of
from dingdan.surfaces.shared.pages.screens import Act, Chip, Code, Column, Done, Empty, Field, Listing, Row
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import MerchantRef


class CodesForm(Form, frozen=True, kw_only=True):
    """How many codes."""

    codes: Annotated[int, Meta(ge=1, le=1_000)]
    expires_at: Annotated[str, Meta(max_length=40)] = ""


class HoldersForm(Form, frozen=True, kw_only=True):
    """Which buyers get it."""

    merchant: MerchantRef | None = None
    buyers: Annotated[str, Meta(min_length=1, max_length=100_000)]
    expires_at: Annotated[str, Meta(max_length=40)] = ""


@screen("/promotions/{promotion_id}/grants", permission="promotion.read")
async def grants(tx: Tx, promotion_id: int, query: ListQuery) -> Listing:
    """To whom a coupon was given, and which of these were used; whole codes only for whoever gives them out."""
    slice_ = slice_of(query)
    one = await pricing.get_one(tx, promotion_id)
    found = await pricing.grants_of(tx, promotion_id, Page(slice_.limit + 1, slice_.after))
    may = tx.actor.may("promotion.write")
    return listing(
        found, lambda each: Row(naming.ref("grant", each.id), None, {
            "number": Code(naming.spoken(each.id)), "holder": Code(naming.spoken(each.buyer_id)) if each.buyer_id else Text("whoever brings it", "持码人"),
            "code": Code(each.code if may else f"****{each.code[-4:]}") if each.code else None, "expires": each.expires_at,
            "stands": Chip(Text("Used", "已使用"), "done") if each.used_at else Chip(Text("Open", "未使用"), "customer"), "used": each.used_at,
        }),
        title=Text(f"Holders of {one.label.en}", f"{one.label.zh}领取情况"), live=["promotion"], acts=await _giving(tx, one, may=may),
        columns=[
            Column("number", Text("Grant", "领取编号")), Column("holder", Text("Holder", "持有人")), Column("code", Text("Code", "券码")),
            Column("expires", Text("Good until", "有效期至")), Column("stands", Text("Stands", "状态")), Column("used", Text("Used", "使用时间")),
        ],
        empty=Empty(Text("It was given to nobody yet.", "还没有发放。"), Text("Make codes in bulk, or name buyers.", "可批量生成券码，或指定买家发放。")),
    )  # fmt: skip


async def _giving(tx: Tx, one: pricing.Promotion, *, may: bool) -> list[Act]:
    here = naming.place("promotion", one.id)
    found = [Act("promotion", Text("The coupon", "查看优惠券"), here, is_link=True)]
    if may and one.draft.code is not None and tx.actor.merchant_id in (None, one.merchant_id):
        until = Field(
            "expires_at",
            Text("Good until", "有效期至"),
            "moment",
            is_needed=False,
            hint=Text("Empty: the coupon's end.", "留空则同优惠券结束时间。"),
        )
        shops = await choosing.merchants_to_choose(tx) if one.merchant_id is None else []
        found = [
            Act("codes", Text("Make codes", "批量生成券码"), f"{here}/codes", "N", tone="first", fields=[Field("codes", Text("How many", "数量"), "number", value=10), until]),
            Act("give", Text("Give to buyers", "发放给买家"), f"{here}/give", "B", fields=[
                *([Field("merchant", Text("Merchant", "商家"), "choice", options=shops)] if shops else []),
                Field("buyers", Text("Buyers, one a line", "买家（每行一个）"), "prose", longest=100_000, hint=Text("As the shop knows them.", "店铺中的买家标识。")), until,
            ]), *found,
        ]  # fmt: skip
    return found


@act("/promotions/{promotion_id}/codes", permission="promotion.write", is_secret=True)
async def make_codes(tx: Tx, promotion_id: int, form: CodesForm) -> Done:
    """Make codes of one use each; they are shown once here, and stand in the list for whoever gives them out."""
    found = await pricing.issue_codes(
        tx, promotion_id, form.codes, expires_at=typed.moment_of(form.expires_at, "expires_at")
    )
    return Done(text=Text(f"{len(found)} codes", f"{len(found)} 个券码"), to=f"{naming.place('promotion', promotion_id)}/grants",
                shown=[(Text(str(n), str(n)), each.code or "") for n, each in enumerate(found, start=1)])  # fmt: skip


@act("/promotions/{promotion_id}/give", permission="promotion.write")
async def give(tx: Tx, promotion_id: int, form: HoldersForm) -> Done:
    """Give a coupon to buyers by the names that the shop knows them by, one use each."""
    one = await pricing.get_one(tx, promotion_id)
    merchant_id = one.merchant_id if one.merchant_id is not None else await scope.merchant_id_meant(tx, form.merchant)
    named = list(dict.fromkeys(line.strip() for line in form.buyers.splitlines() if line.strip()))
    known = await identity.find_buyers(tx, {(merchant_id, name) for name in named})
    missing = [name for name in named if (merchant_id, name) not in known]
    if missing:
        some = ", ".join(missing[:5])
        raise Malformed("buyers", what=f"nobody knows {some}", what_zh=f"不存在的买家：{some}")
    buyers = dict.fromkeys((known[merchant_id, name] for name in named), merchant_id)
    made = await pricing.grant(tx, promotion_id, buyers, expires_at=typed.moment_of(form.expires_at, "expires_at"))
    return Done(text=Text(f"Given to {len(made)} buyers", f"已发放给 {len(made)} 位买家"))


ROUTES = [grants, make_codes, give]
