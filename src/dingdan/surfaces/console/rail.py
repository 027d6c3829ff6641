"""The way to the desks: groups of the rail, each item for whoever may use it."""

from collections.abc import Sequence

import msgspec

from dingdan.kernel.refusal import Text
from dingdan.surfaces.shared.pages.doors import Frame


class Item(msgspec.Struct, frozen=True):
    """A desk: its name (the mark beside it has the same), words, address, and what one must be allowed to do there."""

    name: str
    text: Text
    href: str
    permission: str


class Group(msgspec.Struct, frozen=True):
    """Desks that belong together."""

    text: Text | None
    items: Sequence[Item]

    def shown_to(self, frame: Frame) -> list[Item]:
        """The desks of the group that somebody may use."""
        return [item for item in self.items if frame.may(item.permission)]


RAIL = (
    Group(None, (Item("today", Text("Today", "今日工作台"), "/today", "product.read"),)),
    Group(Text("Orders", "订单"), (
        Item("orders", Text("All orders", "全部订单"), "/orders", "order.read"),
        Item("review", Text("Review", "待审核"), "/q/review", "review.read"),
        Item("fulfil", Text("Pick and pack", "拣货打包"), "/q/fulfil", "work.read"),
        Item("exceptions", Text("Exceptions", "异常"), "/q/exceptions", "case.read"),
        Item("archive", Text("Archive", "归档"), "/archive", "archive.read"),
    )),
    Group(Text("Returns", "售后"), (
        Item("all_returns", Text("All returns", "全部售后单"), "/returns", "return.read"),
        Item("returns", Text("Return review", "退货审核"), "/q/returns", "return.decide"),
        Item("inspection", Text("Inspection", "验货"), "/q/inspection", "return.inspect"),
        Item("unmatched", Text("Unmatched parcels", "无头件"), "/parcels/unmatched", "return.receive"),
        Item("exchanges", Text("Exchanges and repairs", "换货与维修"), "/exchanges", "return.read"),
        Item("disputes", Text("Disputes", "纠纷"), "/q/disputes", "dispute.read"),
    )),
    Group(Text("Money", "资金"), (
        Item("refunds", Text("Refunds", "退款"), "/q/refunds", "refund.read"),
        Item("reconciliation", Text("Reconciliation", "对账"), "/reconciliation", "ledger.reconcile"),
        Item("settlements", Text("Settlements", "商家结算"), "/settlements", "settlement.read"),
        Item("invoices", Text("Invoices", "发票"), "/invoices", "invoice.read"),
        Item("credit", Text("Balances and cards", "余额与礼品卡"), "/credit", "credit.read"),
    )),
    Group(Text("Goods", "商品与库存"), (
        Item("stock", Text("Stock", "库存"), "/stock", "stock.read"),
        Item("channels", Text("Channel sync", "渠道同步"), "/channels", "channel.read"),
        Item("promotions", Text("Promotions", "促销"), "/promotions", "promotion.read"),
        Item("prices", Text("Carriage and taxes", "运费与税率"), "/prices", "price.write"),
    )),
    Group(Text("Insight", "洞察"), (
        Item("analytics", Text("Analytics", "分析"), "/analytics", "policy_figure.read"),
        Item("carriers", Text("Carriers", "承运商"), "/carriers", "carrier.read"),
        Item("abuse", Text("Signs of abuse", "异常使用"), "/abuse", "abuse.read"),
    )),
    Group(Text("Platform", "平台"), (
        Item("policies", Text("Return policies", "退货政策"), "/policies", "policy.read"),
        Item("rules", Text("Rules and SLAs", "规则与时限"), "/rules", "review_rule.read"),
        Item("developers", Text("Developers", "开发者"), "/developers", "key.read"),
        Item("audit", Text("Audit log", "审计日志"), "/audit", "audit.read"),
        Item("storefront", Text("Buyers' pages", "买家页面"), "/storefront", "merchant.write"),
        Item("people", Text("People and roles", "员工与角色"), "/people", "staff.read"),
        Item("settings", Text("Settings", "设置"), "/settings", "merchant.read"),
    )),
)  # fmt: skip
