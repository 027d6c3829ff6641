"""The accounts we keep for each merchant and currency, as one table. Debits are positive, credits negative."""

from enum import StrEnum

import msgspec

from dingdan.kernel.refusal import Text


class Side(StrEnum):
    """Which sign an account grows by."""

    ASSET = "asset"
    LIABILITY = "liability"


class Account(msgspec.Struct, frozen=True):
    """One account: its code, its side and what stands on it."""

    code: str
    side: Side
    meaning: Text


CHART: dict[str, Account] = {
    account.code: account
    for account in (
        Account("psp_clearing", Side.ASSET, Text(
            "Money that the payment provider keeps for us; equals the provider's own books.",
            "支付渠道代收的资金，应与渠道账单一致。")),
        Account("paid_by_hand", Side.ASSET, Text(
            "Refunds paid outside the provider, because it could not (too old, too many).",
            "渠道无法退回、由人工线下支付的退款。")),
        Account("buyer_funds", Side.LIABILITY, Text(
            "What buyers paid for their orders and did not get back.",
            "买家已支付且未退回的订单款。")),
        Account("excess_funds", Side.LIABILITY, Text(
            "Money that came in though nobody owed it; it goes back by itself.",
            "多收的款项，系统自动退回。")),
        Account("stored_value", Side.LIABILITY, Text(
            "What buyers hold in balances and on cards, and can spend.",
            "买家账户余额及礼品卡中可支配的资金。")),
        Account("credit_clearing", Side.ASSET, Text(
            "Credit spent on orders: nothing for a merchant's own, for the platform's cards what the platform owes.",
            "以余额或礼品卡支付的资金；商家自有部分恒为零，平台礼品卡部分为平台应付商家的款项。")),
        Account("merchants_payable", Side.LIABILITY, Text(
            "What the platform owes merchants for orders that were paid with its cards.",
            "平台礼品卡支付的订单中，平台应付给商家的款项。")),
        Account("channel_clearing", Side.ASSET, Text(
            "Money that sales channels took from buyers and keep for the merchant.",
            "销售渠道代收、尚未结算给商家的货款。")),
        Account("topups_received", Side.ASSET, Text(
            "Money that was paid in for balances and cards, outside the provider.",
            "为充值余额或购买礼品卡而在渠道之外收到的资金。")),
        Account("credit_given", Side.ASSET, Text(
            "Balances and cards that were given away.",
            "赠送的余额和礼品卡。")),
        Account("refunds_payable", Side.LIABILITY, Text(
            "Refunds that were approved and have not arrived yet.",
            "已批准、尚未到账的退款。")),
        Account("remedies_given", Side.LIABILITY, Text(
            "What remedies of closed cases were worth; stands against who bears it.",
            "已结案异常单的补救价值，与各责任方承担额相对应。")),
        Account("borne_by_merchant", Side.ASSET, Text(
            "What of it the merchant bears.",
            "由商家承担的补救成本。")),
        Account("borne_by_carrier", Side.ASSET, Text(
            "What of it carriers are liable for and have not promised to pay.",
            "应由承运商承担、尚未获其认可的损失。")),
        Account("borne_by_platform", Side.ASSET, Text(
            "What of it the platform bears.",
            "由平台承担的补救成本。")),
        Account("carrier_receivable", Side.ASSET, Text(
            "What carriers said they will pay and have not paid.",
            "承运商已认可、尚未支付的赔款。")),
        Account("carrier_payouts", Side.ASSET, Text(
            "Money that carriers paid, outside the provider.",
            "承运商在支付渠道之外支付的赔款。")),
        Account("penalties", Side.ASSET, Text(
            "What sellers owe buyers on top of the deposits of presales that they could not deliver.",
            "商家未能履约的预售订单，依定金罚则另应支付给买家的款项。")),
        Account("compensations", Side.ASSET, Text(
            "Money that was paid to buyers by hand to make something good.",
            "线下支付给买家的补偿金。")),
    )
}  # fmt: skip
