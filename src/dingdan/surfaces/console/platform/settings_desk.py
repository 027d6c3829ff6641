"""Settings: what a merchant and the house are set to, what each means, where it comes from, and changing what we hold."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from litestar import Response

from dingdan.areas import inventory, merchants
from dingdan.kernel import money
from dingdan.kernel.money import Money
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Text
from dingdan.overviews import policy_list
from dingdan.plumbing import request_log
from dingdan.plumbing.doing import within
from dingdan.plumbing.settings import Settings
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console.platform.setting_words import CHANNELS, GROUPS, HOUSE, PERIODS, Group, Setting
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import forms, naming
from dingdan.surfaces.shared.pages.doors import answered, itself, screen
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Code,
    Column,
    Done,
    Facts,
    Field,
    Link,
    Row,
    Section,
    Sheet,
    Table,
    Two,
)
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.scope import NothingThere
from dingdan.surfaces.shared.wire import Word

USUAL = merchants.MerchantSettings()
_WHOLE = re.compile(r"-?[0-9]{1,15}")
COLUMNS = [
    Column("what", Text("Setting", "设置")), Column("value", Text("Now", "当前值")), Column("from", Text("From", "来源")),
    Column("name", Text("Name in the API", "API 名称")),
]  # fmt: skip
DATABASE, BUILT_IN = Text("database", "数据库"), Text("built in", "默认值")
# How long what is kept.
KEPT: tuple[tuple[Text, timedelta], ...] = (
    (Text("Request log", "请求日志"), request_log.KEPT), (Text("Deliveries of webhooks", "Webhook 推送记录"), timedelta(days=30)),
)  # fmt: skip


@screen("/settings", permission="merchant.read")
async def start(tx: Tx, settings: Settings) -> Sheet:
    """A merchant's own settings; for the platform the merchants, and what the house is set to."""
    if tx.actor.merchant_id is not None:
        return await _of_merchant(tx, (await merchants.by_ids(tx, [tx.actor.merchant_id]))[tx.actor.merchant_id])
    found = await merchants.listed(tx, Page(limit=200))
    rows = [
        Row(naming.ref("merchant", one.id), f"/settings/{one.code}", {
            "name": Link(f"/settings/{one.code}", naming.in_tongues(one.name)), "code": Code(one.code), "zone": one.zone,
            "currency": one.currency, "differs": _differing(one),
        }) for one in found
    ]  # fmt: skip
    columns = [
        Column("name", Text("Merchant", "商家")), Column("code", Text("Code", "编码")), Column("zone", Text("Time zone", "时区")),
        Column("currency", Text("Currency", "币种")), Column("differs", Text("Settings of its own", "自定义项"), is_number=True),
    ]  # fmt: skip
    own = tx.actor.may("merchant.write")
    return Sheet(
        title=Text("Settings", "设置"), kind=Text("The house and its merchants", "平台与商家"), full="/settings",
        main=[Table(Text("Merchants", "商家"), columns, rows, Text("No merchant yet.", "还没有商家。")), *([_house(settings)] if own else [])],
        side=[_elsewhere(tx), Facts(Text("How long we keep", "保留时长"), [
            *KEPT, (Text("Orders that are over", "已完结订单"), Link("/archive", Text("by the archive's rules", "按归档规则"))),
        ])],
    )  # fmt: skip


@screen("/settings/{code}", permission="merchant.read")
async def show(tx: Tx, code: Word) -> Sheet:
    """The settings of one merchant, by group."""
    return await _of_merchant(tx, await scope.merchant_meant(tx, code, "path.code"))


@itself("POST", "/settings/{code}/{group}", permission="merchant.write")
async def save(ask: Ask, code: Word, group: Word) -> Response[Any]:
    """Change a group of settings; what is not in it stays as it is, and what is already so is left alone."""
    words = (await forms.read(ask.request)).words
    known = {one.name: one for one in GROUPS}

    async def body(tx: Tx) -> merchants.Merchant:
        merchant = await scope.merchant_meant(tx, code, "path.code")
        if group == "shop":
            return await merchants.change(tx, merchant.id, _shop(words))
        if group == "periods":
            return await merchants.change(tx, merchant.id, merchants.ChangeMerchant(settings=_periods(merchant, words)))
        if group not in known:
            raise NothingThere
        typed = {one.name: _typed(one, words, merchant.currency) for one in known[group].settings}
        return await merchants.change(tx, merchant.id, merchants.ChangeMerchant(settings=typed))

    await within(ask.db, ask.actor, body, name="settings_desk.save")
    return answered(ask.request, Done(text=Text("Settings saved", "设置已保存"), to=f"/settings/{code}"))


async def _of_merchant(tx: Tx, one: merchants.Merchant) -> Sheet:
    here, may = f"/settings/{one.code}", tx.actor.may("merchant.write")
    policies = await policy_list.codes(tx, one.id) if may else []
    return Sheet(
        title=naming.in_tongues(one.name), kind=Text("Settings of a merchant", "商家设置"), key=naming.ref("merchant", one.id), full=here,
        chips=[Code(one.code)],
        acts=[_shop_act(one, here, policies), *(_act(group, one, here) for group in GROUPS), _periods_act(one, here)] if may else [],
        main=[*(_section(group, one) for group in GROUPS), _periods_section(one)],
        side=[
            Facts(Text("Shop", "店铺"), [
                (Text("Name", "名称"), [Two(text, tag) for tag, text in one.name.items()]), (Text("Time zone", "时区"), one.zone),
                (Text("Currency", "币种"), one.currency), (Text("Return policy", "退货政策"), Code(one.policy)), (Text("Trades", "营业"), one.active),
            ]),
            await _around(tx, one), _elsewhere(tx),
        ],
    )  # fmt: skip


def _section(group: Group, one: merchants.Merchant) -> Section:
    return Table(group.text, COLUMNS, [
        Row(setting.name, None, {
            "what": Two(setting.text, setting.meaning), "value": _shown(setting, one), "name": Code(setting.name),
            "from": BUILT_IN if getattr(one.settings, setting.name) == getattr(USUAL, setting.name) else DATABASE,
        }) for setting in group.settings
    ])  # fmt: skip


def _shown(setting: Setting, one: merchants.Merchant) -> Any:
    value = getattr(one.settings, setting.name)
    if value in (None, "", ()):
        return None
    if setting.kind == "money":
        return Money(value, one.currency)
    if setting.kind == "choices":
        return [words for name, words in CHANNELS if name in value]
    return value


def _periods_section(one: merchants.Merchant) -> Section:
    columns = [
        Column("what", Text("Goods", "商品类别")), Column("dispatch", Text("Days after dispatch", "发货后天数"), is_number=True),
        Column("delivery", Text("never sooner than days after delivery", "且不早于签收后天数"), is_number=True), Column("from", Text("From", "来源")),
    ]  # fmt: skip
    return Table(Text("Received by itself, of goods that are not ordinary", "特殊商品自动收货"), columns, [
        Row(flag, None, {
            "what": PERIODS.get(flag, Code(flag)), "dispatch": period.after_dispatch, "delivery": period.after_delivery,
            "from": BUILT_IN if USUAL.receipt_periods.get(flag) == period else DATABASE,
        }) for flag, period in one.settings.receipt_periods.items()
    ])  # fmt: skip


def _act(group: Group, one: merchants.Merchant, here: str) -> Act:
    return Act(
        group.name, group.text, f"{here}/{group.name}", fields=[_field(setting, one) for setting in group.settings]
    )


def _field(setting: Setting, one: merchants.Merchant) -> Field:
    value = getattr(one.settings, setting.name)
    if setting.kind == "money" and value is not None:
        value = money.decimal_string(value, one.currency)
    is_needed = not (setting.is_optional or setting.kind in ("check", "choices"))
    return Field(setting.name, setting.text, setting.kind, setting.meaning, CHANNELS if setting.kind == "choices" else (),
                 value, is_needed=is_needed, currency=one.currency)  # fmt: skip


def _shop_act(one: merchants.Merchant, here: str, policies: list[str]) -> Act:
    said = naming.in_tongues(one.name)
    return Act("shop", Text("Shop", "店铺"), f"{here}/shop", "E", [
        Field("name_zh", Text("Name in Chinese", "中文名称"), value=said.zh), Field("name_en", Text("Name in English", "英文名称"), value=said.en),
        Field("zone", Text("Time zone", "时区"), hint=Text("Where its days begin and end: Asia/Shanghai", "决定日期起止，如 Asia/Shanghai"), value=one.zone),
        Field("policy", Text("Return policy", "退货政策"), "choice", Text("Of new orders", "适用于新订单"),
              [(name, name) for name in sorted({*policies, one.policy})], one.policy),
    ], "first")  # fmt: skip


def _periods_act(one: merchants.Merchant, here: str) -> Act:
    fields = [
        Field(f"{flag}_{part}", Text(f"{words.en}: {label.en}", f"{words.zh}：{label.zh}"), "number", value=value)
        for flag, period in one.settings.receipt_periods.items()
        for words in (PERIODS.get(flag, Text(flag, flag)),)
        for part, label, value in (
            ("dispatch", Text("days after dispatch", "发货后天数"), period.after_dispatch),
            ("delivery", Text("days after delivery", "签收后天数"), period.after_delivery),
        )
    ]
    return Act("periods", Text("Receipt of other goods", "特殊商品收货"), f"{here}/periods", fields=fields)


def _word(words: Mapping[str, list[str]], name: str) -> str:
    given = [one for one in words.get(name, ()) if one]
    if len(given) > 1:
        raise Malformed(name, what="given more than once", what_zh="重复填写")
    return given[0] if given else ""


def _typed(setting: Setting, words: Mapping[str, list[str]], currency: str) -> Any:
    """A setting as it was typed. Raises Malformed where that is nothing of its kind."""
    if setting.kind == "choices":
        return tuple(name for name, _ in CHANNELS if name in words.get(setting.name, ()))
    text = _word(words, setting.name)
    if setting.kind == "check":
        return text == "true"
    if setting.kind == "text":
        return text
    if not text and setting.is_optional:
        return None
    return forms.amount_of(text, currency, setting.name) if setting.kind == "money" else _number(text, setting.name)


def _number(text: str, path: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise Malformed(path, what="not a whole number", what_zh="不是整数")
    return int(text)


def _shop(words: Mapping[str, list[str]]) -> merchants.ChangeMerchant:
    name = {tag: _word(words, field) for tag, field in (("zh", "name_zh"), ("en", "name_en"))}
    return merchants.ChangeMerchant(
        name={tag: text for tag, text in name.items() if text}, zone=_word(words, "zone"), policy=_word(words, "policy")
    )


def _periods(one: merchants.Merchant, words: Mapping[str, list[str]]) -> dict[str, Any]:
    return {"receipt_periods": {
        flag: merchants.ReceiptPeriod(
            _number(_word(words, f"{flag}_dispatch"), f"{flag}_dispatch"), _number(_word(words, f"{flag}_delivery"), f"{flag}_delivery")
        ) for flag in one.settings.receipt_periods
    }}  # fmt: skip


def _differing(one: merchants.Merchant) -> int:
    return sum(getattr(one.settings, name) != getattr(USUAL, name) for name in USUAL.__struct_fields__)


async def _around(tx: Tx, one: merchants.Merchant) -> Section:
    """What else the merchant has set up, each with the page where it is changed."""
    places = await inventory.warehouses_of(tx, one.id) if tx.actor.may("warehouse.read") else []
    sold_on = await inventory.channels_of(tx, one.id) if tx.actor.may("channel.read") else []
    return Facts(Text("Places and channels", "仓库与渠道"), [
        *((naming.in_tongues(place.name), Two(Code(place.code), place.zone)) for place in places),
        *((naming.in_tongues(channel.name), Code(channel.code)) for channel in sold_on),
    ], note=None if places else Text("Nothing is set up.", "尚未设置。"))  # fmt: skip


ELSEWHERE: tuple[tuple[Text, str, str], ...] = (
    (Text("Working days, opening hours, clocks", "工作日历、营业时间、时限"), "/rules", "review_rule.read"),
    (Text("Return policies and where goods go back to", "退货政策与退货地址"), "/policies", "policy.read"),
    (Text("What carriage costs, taxes, points", "运费规则、税率与积分"), "/prices", "product.read"),
    (Text("Carriers and lanes", "承运商与线路"), "/carriers", "carrier.read"), (Text("Channels", "销售渠道"), "/channels", "channel.read"),
    (Text("How invoices name us", "开票信息"), "/invoices/sellers", "invoice.read"),
    (Text("Agreements and deposits", "结算协议与保证金"), "/settlements/agreements", "settlement.read"),
    (Text("People, roles, sign-in", "员工、角色与登录"), "/people", "staff.read"), (Text("API keys", "API 密钥"), "/keys", "key.read"),
    (Text("Webhooks and their secrets", "Webhook 与密钥"), "/webhooks", "webhook.read"),
)  # fmt: skip


def _elsewhere(tx: Tx) -> Section:
    return Facts(Text("Set on pages of their own", "在其他页面设置"), [
        (words, Link(href, Text("open", "打开"))) for words, href, permission in ELSEWHERE if tx.actor.may(permission)
    ])  # fmt: skip


def _house(settings: Settings) -> Section:
    """What the environment says: shown, and changed by whoever starts the program. Secrets are never shown."""
    usual = Settings()
    rows = []
    for name, (words, is_shown) in HOUSE.items():
        value = getattr(settings, name)
        said: bool | Code | Text | None
        said = value if isinstance(value, bool) else Code(str(value)) if value not in ("", None) else None
        if not is_shown:
            said = Text("set", "已设置") if value else Text("not set", "未设置")
        rows.append(Row(name, None, {
            "what": words, "value": said, "name": Code(f"DINGDAN_{name.upper()}"),
            "from": BUILT_IN if value == getattr(usual, name) else Text("environment", "环境变量"),
        }))  # fmt: skip
    return Table(
        Text("The house (from its environment, changed where it is started)", "平台（来自环境变量，启动时设置）"),
        COLUMNS,
        rows,
    )


ROUTES: list[Any] = [start, show, save]
