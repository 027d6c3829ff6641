"""What the tour gives each role to do: real tasks on cases of the demo, the facts that say they were done, and where they begin."""

from collections.abc import Sequence

import msgspec

from dingdan.kernel.refusal import Text


class Task(msgspec.Struct, frozen=True):
    """Something to do, where, how, and the facts that say that it was done.

    What is only looked at leaves no fact: it has a `code`, and whoever was led there has done it. `about` names a story of
    the demo and which of its things is opened, where it is there.
    """

    text: Text
    how: Text
    href: str
    wires: Sequence[str] = ()
    code: str = ""
    about: tuple[str, str] | None = None


def _look(code: str, text: Text, how: Text, href: str, about: tuple[str, str] | None = None) -> Task:
    return Task(text, how, href, (), code, about)


FIND = _look(
    "find", Text("Find a caller's order", "查找来电买家的订单"),
    Text("Ctrl K, four digits of the phone, a name, a waybill or a number, Enter", "按 Ctrl K，输入手机尾号、姓名、运单号或订单号，回车"), "/orders",
)  # fmt: skip
CLOCK = _look(
    "clock", Text("Turn the clock by two days", "将时钟拨快两天"),
    Text("Leave a queue open beside it: clocks, rows and parcels move by themselves", "旁边打开一个队列：时限、列表和包裹会自动更新"), "/sandbox",
)  # fmt: skip
SCORES = _look(
    "scorecard", Text("Read a carrier's scorecard", "查看承运商评分卡"), Text("With its formula and sample sizes", "含公式和样本量"), "/carriers",
)  # fmt: skip
TASKS: dict[str, Sequence[Task]] = {
    "lead": (
        FIND,
        Task(Text("Approve a return", "通过一个退货申请"), Text("Read the reasons, press A: the next one opens", "看清理由按 A，自动打开下一单"),
             "/q/returns", ("return.approved",)),
        Task(Text("Refuse the engraved mug fairly", "公正地拒绝刻字马克杯的退货"), Text("R, choose the rule, Ctrl Enter", "按 R，选择条款，Ctrl 回车"),
             "/q/returns", ("return.refused",), "", ("story-3-engraved-mug", "return")),
        Task(Text("Offer something for the thin pillow", "为偏薄的枕头提议方案"), Text("O, choose the offer, Ctrl Enter", "按 O，选择方案，Ctrl 回车"),
             "/q/returns", ("offer.made",), "", ("story-2-thin-pillow", "return")),
        Task(Text("Write to a buyer without leaving the case", "不离开当前单据，给买家留言"), Text("M, / for ready words, Ctrl Enter", "按 M，/ 选用快捷回复，Ctrl 回车"),
             "/q/returns", ("return.remark_held",), "", ("story-old-tea", "return")),
        Task(Text("Take the lost parcel through its playbook", "按步骤处理丢失的包裹"), Text("1, 2, 3: each step is one key", "按 1、2、3 逐步执行"),
             "/q/exceptions", ("case.updated",), "", ("story-7-lost-parcel", "case")),
    ),
    "reviewer": (
        Task(Text("Approve an order", "通过一个订单"), Text("A", "按 A"), "/q/review", ("review.approved",)),
        Task(Text("Ask a buyer", "询问买家"), Text("E: the clock stands still", "按 E，时钟暂停"), "/q/review", ("review.asked",)),
        Task(Text("Send one on with a reason", "注明原因上报一个订单"), Text("I, the reason, Enter", "按 I，选择原因，回车"), "/q/review", ("review.escalated", "case.opened")),
        Task(Text("Reject one with a reason", "注明原因驳回一个订单"), Text("R: the buyer is told", "按 R，买家会收到通知"), "/q/review", ("review.rejected",)),
        _look("rules", Text("See which rules stop orders", "查看审核规则"), Text("Each with what it caught lately", "每条规则附近期命中情况"), "/rules"),
    ),
    "warehouse": (
        Task(Text("Take the next work", "领取下一个任务"), Text("One tap at the pick station, then scan", "在拣货台点一下，然后扫描"), "/station/pick", ("work.claimed",)),
        Task(Text("Pack an order by scans", "扫描打包一个订单"), Text("A wrong item stops the line; no label before all is scanned", "扫错商品会停线；未扫齐不出面单"), "/station/pack", ("work.packed",)),
        Task(Text("Hand a parcel over", "交运一个包裹"), Text("Scan the waybill: its number is checked", "扫描运单，系统校验单号"), "/station/pack", ("parcel.dispatched",)),
        Task(Text("Find who a nameless parcel is from", "为无头件找到主人"), Text("The suggestion says why; Enter links it", "建议附有理由，回车即关联"), "/parcels/unmatched", ("stray.matched",)),
        Task(Text("Say that something is not on its shelf", "登记缺货"), Text("F9 at the pick station: the books are right again", "在拣货台按 F9，库存随即更正"), "/station/pick", ("work.short", "stock.short")),
    ),
    "inspector": (
        Task(Text("Receive a parcel", "签收一个退件"), Text("Scan its waybill, or type SF1388000042041 and Enter", "扫描运单，或输入 SF1388000042041 后回车"), "/station/inspect", ("return.received",)),
        Task(Text("Inspect it", "完成一次验货"), Text("Scan the unit, F1, F8", "扫商品，按 F1，再按 F8"), "/station/inspect", ("return.inspected",)),
        Task(Text("Set aside what is not in the return", "登记不属于该单的商品"), Text("F9 and what it is", "按 F9，选择情况"), "/station/inspect", ("stray.found", "stray.unmatched")),
        _look("strays", Text("See parcels without an owner", "查看无头件"), Text("Scan one that nobody announced under N", "按 N 扫描登记未申报的包裹"), "/parcels/unmatched"),
    ),
    "finance": (
        Task(Text("Release a refund", "放行一笔退款"), Text("A, or tick several and look at what would happen", "按 A；或勾选多笔，先预览再批量"), "/q/refunds", ("refund.held",)),
        _look("unknown", Text("Ask about an unknown one", "查询结果未知的退款"), Text("Q: never twice the money", "按 Q，绝不重复付款"), "/q/refunds?view=trouble",
              ("story-8-refund-unknown", "refund")),
        Task(Text("Send a failed one again", "重试失败的退款"), Text("R: under the same number", "按 R，沿用同一编号"), "/q/refunds?view=trouble", ("refund.held_again",),
             "", ("story-refund-failed", "refund")),
        Task(Text("Close a merchant's period", "为商家关账"), Text("Every line leads to its order; C after the checklist", "每行可追溯到订单，核对后按 C"), "/settlements?state=open", ("settlement.closed",)),
        Task(Text("Compare a provider's file with the books", "核对渠道账单"), Text("U, the file; differences come in groups", "按 U 上传文件，差异按原因分组"), "/reconciliation", ("statement.compared",)),
        Task(Text("Prepare a payout", "编制一次打款"), Text("Somebody else approves it", "由他人审批"), "/payouts", ("payout.prepared",)),
    ),
    "manager": (
        Task(Text("Grant what is above a lead's limit", "批准超出主管额度的补救"), Text("D in the case", "在异常单中按 D"), "/q/exceptions", ("remedy.approved",), "", ("story-lost-lamps", "case")),
        _look("today", Text("See where the shift is in trouble", "查看当前哪里告急"), Text("Queues by how late they are", "各队列按超时程度显示"), "/today"),
        _look("looked_at", Text("See who looked at people's data", "查看谁看过个人信息"), Text("One view of the audit log", "审计日志中的一个视图"), "/audit?sort=personal_data"),
    ),
    "logistics": (
        SCORES,
        Task(Text("Claim for the lost parcel", "为丢失的包裹索赔"), Text("3 in its playbook", "在处理步骤中按 3"), "/q/exceptions", ("claim.filed",), "", ("story-7-lost-parcel", "case")),
    ),
    "arbitrator": (
        Task(Text("Rule in a dispute", "裁决一宗纠纷"), Text("Both sides' proof on one page", "双方举证同页呈现"), "/q/disputes", ("ruling.proposed", "ruling.given"),
             "", ("story-9-dispute-with-proof", "dispute")),
    ),
    "merchant": (
        Task(Text("Answer a return request", "答复一个退货申请"), Text("A, O or R; what nobody answers in time passes by itself", "按 A、O 或 R；超时未答复将自动通过"), "/q/returns",
             ("return.approved", "return.refused", "offer.made"), "", ("story-asked-of-the-seller", "return")),
        Task(Text("Show proof in a dispute", "在纠纷中举证"), Text("Both sides on one screen; E adds yours", "双方同屏，按 E 补充"), "/q/disputes", ("dispute.shown",),
             "", ("story-dispute-sellers-turn", "dispute")),
        Task(Text("Try a policy before it holds", "试算一份政策"), Text("On a case, then on 90 days", "先试个案，再回测 90 天"), "/policies", ("policy.drafted",)),
        Task(Text("Break a webhook and replay it", "制造一次推送失败并重推"), Text("C makes a receiver, A lets it answer 410; what happens next fails. Switch it on again and press R", "按 C 创建接收器，按 A 应答 410，下一个事件将推送失败；重新启用后按 R"),
             "/developers", ("webhook.enabled",)),
        _look("returns", Text("Understand what comes back and why", "了解退货率和原因"), Text("By goods and by reason", "按商品、按原因"), "/analytics"),
        _look("account", Text("See what you are paid", "查看结算明细"), Text("Every line leads to its order", "每行可追溯到订单"), "/settlements"),
    ),
    "admin": (
        Task(Text("Make an API key", "创建 API 密钥"), Text("Its secret is shown once, ready in a call", "密钥仅显示一次，附可直接运行的调用"), "/developers", ("key.issued",)),
        Task(Text("Draft a policy and see what it would change", "起草政策并查看影响"), Text("Draft, try, back-test, schedule", "起草、试算、回测、排期"), "/policies", ("policy.drafted",)),
        Task(Text("Hire somebody", "新增一名员工"), Text("The invitation works once", "邀请链接仅可用一次"), "/people", ("staff.saved", "staff.invited")), CLOCK,
    ),
    "auditor": (
        _look("audit", Text("Find who did what", "查找谁做了什么"), Text("One filter: person, kind or object", "按人、类型或对象，一次筛选"), "/audit"),
        Task(Text("Take a list away", "导出一个列表"), Text("And find that in the log", "并在日志中找到它"), "/orders", ("staff.list_exported",)),
        _look("looked_at", Text("See who looked at people's data", "查看谁看过个人信息"), Text("One view of the audit log", "审计日志中的一个视图"), "/audit?sort=personal_data"),
        _look("archive", Text("Read an order that is over", "查阅已归档的订单"), Text("With its whole case file", "含完整案卷"), "/archive"),
    ),
    "risk": (
        Task(Text("Look at a flag's reasons", "查看一条核实记录的理由"), Text("Confirm it or lift it", "确认或解除"), "/abuse", ("abuse_flag.signed", "abuse_flag.lifted", "abuse_flag.confirmed")),
    ),
}  # fmt: skip
