"""Every no about invoices."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class InvoiceUnknown(Refusal):
    """There is no such invoice, or it is somebody else's."""

    code = "invoice.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such invoice.", "发票不存在。")
    remedy = Text("Check the id.", "请核对发票编号。")


class InvoiceRequestUnknown(Refusal):
    """There is no such wish, or it is somebody else's."""

    code = "invoice_request.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such request for an invoice.", "开票申请不存在。")
    remedy = Text("Check the id.", "请核对开票申请编号。")


class SellerMissing(Refusal):
    """An invoice names who sells, with a tax number."""

    code = "invoice.seller_missing"
    kind = Kind.CONFLICT
    message = Text("This merchant has not said how its invoices name it.", "该商家尚未设置开票信息。")
    remedy = Text("The merchant saves its name and tax number first.", "请商家先设置销售方开票信息。")


class SellerUnfit(Refusal):
    """Something about the seller cannot stand on an invoice."""

    code = "invoice.seller_unfit"
    kind = Kind.INVALID
    message = Text("This does not fit: {why}.", "开票信息有误：{why_zh}。")
    remedy = Text("Correct it.", "请更正。")


class TitleUnfit(Refusal):
    """Something about the buyer cannot stand on an invoice."""

    code = "invoice.title_unfit"
    kind = Kind.INVALID
    message = Text("This does not fit: {why}.", "发票抬头有误：{why_zh}。")
    remedy = Text("Correct it.", "请更正发票抬头。")


class TaxNumberUnfit(Refusal):
    """Tax numbers have check digits: what does not fit was mistyped."""

    code = "invoice.tax_number_unfit"
    kind = Kind.INVALID
    message = Text("This is no tax number of {country}.", "这不是 {country} 的有效税号（统一社会信用代码）。")
    remedy = Text("Read it off the licence once more.", "请按营业执照核对后重新填写。")


class NotPaidYet(Refusal):
    """An invoice is for what was paid."""

    code = "invoice.not_paid"
    kind = Kind.CONFLICT
    message = Text("This order was not paid.", "该订单尚未支付。")
    remedy = Text("Ask once it is paid.", "请在支付后申请开票。")


class NothingToInvoice(Refusal):
    """What was given back, or cost nothing, has no invoice."""

    code = "invoice.nothing"
    kind = Kind.CONFLICT
    message = Text("Nothing that was paid is left to invoice.", "没有可开票的金额。")
    remedy = Text("What was refunded needs no invoice.", "已全额退款的订单无需开票。")


class InvoicedAlready(Refusal):
    """An order has one invoice at a time."""

    code = "invoice.exists"
    kind = Kind.CONFLICT
    message = Text("This order has an invoice, or one was asked for.", "该订单已开票或已申请开票。")
    remedy = Text("If something on it is wrong, have it corrected.", "如抬头有误，请申请换开。")


class InvoiceStateForbids(Refusal):
    """It stands where this cannot be done."""

    code = "invoice.state_forbids"
    kind = Kind.CONFLICT
    message = Text('What is {state} cannot be taken to "{verb}".', "当前为 {state} 状态，不能执行 {verb}。")
    remedy = Text("Read it again.", "请重新读取。")
