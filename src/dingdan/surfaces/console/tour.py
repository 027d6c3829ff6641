"""A tour of the demonstration: a few real tasks for each desk, ticked when their facts are there."""

from collections.abc import Sequence

import msgspec

from dingdan.areas import access
from dingdan.kernel.refusal import Text
from dingdan.overviews import done_by
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.pages.doors import screen
from dingdan.surfaces.shared.pages.screens import Chip, Column, Link, Row, Sheet, Table, Two


class Task(msgspec.Struct, frozen=True):
    """Something to do, where, how, and the facts that say that it was done."""

    text: Text
    how: Text
    href: str
    wires: Sequence[str]


_APPROVE_RETURN = Task(
    Text("Approve a return", "通过一个退货申请"), Text("Open the queue, read the reasons, press A", "打开队列，看清理由，按 A"),
    "/q/returns", ("return.approved",),
)  # fmt: skip
_REFUSE_RETURN = Task(
    Text("Refuse one fairly", "公正地拒绝一个申请"), Text("R, choose the rule, offer another way", "按 R，选择条款，给出替代方案"),
    "/q/returns", ("return.refused",),
)  # fmt: skip
_FIND = Task(
    Text("Find an order by a phone's last digits", "用手机尾号查找订单"), Text("Ctrl K anywhere, type four digits", "随处按 Ctrl K，输入四位尾号"),
    "/orders", (),
)  # fmt: skip
_CLOCK = Task(
    Text("Turn the clock by two days", "将时钟拨快两天"), Text("Watch queues and parcels move", "观察队列和包裹的变化"), "/sandbox", (),
)  # fmt: skip
TASKS: dict[str, Sequence[Task]] = {
    "lead": (
        _FIND, _APPROVE_RETURN, _REFUSE_RETURN,
        Task(Text("Offer a price cut instead", "提议降价保留"), Text("O in a return", "在退货中按 O"), "/q/returns", ("offer.made",)),
        Task(Text("Take a case and close it", "处理并关闭一个异常"), Text("Work its steps by number", "按数字执行步骤"), "/q/exceptions", ("case.closed",)),
    ),
    "reviewer": (
        Task(Text("Approve an order", "通过一个订单"), Text("A", "按 A"), "/q/review", ("review.approved",)),
        Task(Text("Ask a buyer", "询问买家"), Text("E: the clock stands still", "按 E，时钟暂停"), "/q/review", ("review.asked",)),
        Task(Text("Reject one with a reason", "注明原因驳回一个订单"), Text("The buyer is told", "买家会收到通知"), "/q/review", ("review.rejected",)),
    ),
    "warehouse": (
        Task(Text("Take the next work", "领取下一个任务"), Text("One tap at the pick station", "在拣货台点一下"), "/station/pick", ("work.claimed",)),
        Task(Text("Pack an order by scans", "扫描打包一个订单"), Text("A wrong item stops the line", "扫错商品会停线"), "/station/pack", ("work.packed",)),
        Task(Text("Hand a parcel over", "交运一个包裹"), Text("Its number is checked", "会校验运单号"), "/station/pack", ("parcel.dispatched",)),
        Task(Text("Find who a nameless parcel is from", "为无头件找到主人"), Text("Suggestions say why", "建议附有理由"), "/parcels/unmatched", ("stray.matched",)),
    ),
    "inspector": (
        Task(Text("Receive a parcel", "签收一个退件"), Text("Scan its waybill", "扫描运单"), "/station/inspect", ("return.received",)),
        Task(Text("Inspect it", "完成一次验货"), Text("Scan, grade, photograph", "扫描、定级、拍照"), "/station/inspect", ("return.inspected",)),
    ),
    "finance": (
        Task(Text("Release a refund", "放行一笔退款"), Text("A: asks who you are", "按 A，需确认身份"), "/q/refunds", ("refund.approved",)),
        Task(Text("Ask about an unknown one", "查询结果未知的退款"), Text("Never twice the money", "绝不重复付款"), "/q/refunds", ("send_back.retried", "refund.sent")),
        Task(Text("Prepare a payout", "编制一次打款"), Text("Somebody else approves it", "由他人审批"), "/settlements", ("payout.prepared",)),
    ),
    "manager": (
        Task(Text("Grant a remedy", "批准一项补救"), Text("Within your limit", "在权限额度内"), "/q/exceptions", ("remedy.approved",)),
    ),
    "logistics": (
        Task(Text("Read a carrier's scorecard", "查看承运商评分卡"), Text("With its formula and sample sizes", "含公式和样本量"), "/carriers", ()),
    ),
    "arbitrator": (
        Task(Text("Rule in a dispute", "裁决一宗纠纷"), Text("Both sides' proof on one page", "双方举证同页呈现"), "/q/disputes", ("ruling.proposed", "ruling.given")),
    ),
    "merchant": (
        Task(Text("Try a policy before it holds", "试算一份政策"), Text("On a case, then on 90 days", "先试个案，再回测 90 天"), "/policies", ("policy.drafted",)),
        Task(Text("Start a promotion", "开始一个促销"), Text("See what a basket would pay", "查看一单的实付"), "/promotions", ("promotion.scheduled", "promotion.activated")),
        Task(Text("Send events somewhere", "订阅事件推送"), Text("A webhook with a test event", "创建 Webhook 并发送测试事件"), "/webhooks", ("webhook.created",)),
    ),
    "admin": (
        Task(Text("Make an API key", "创建 API 密钥"), Text("Its secret is shown once", "密钥仅显示一次"), "/developers", ("key.issued",)),
        Task(Text("Hire somebody", "新增一名员工"), Text("The invitation works once", "邀请链接仅可用一次"), "/people", ("staff.saved", "staff.invited")), _CLOCK,
    ),
    "auditor": (
        Task(Text("Find who did what", "查找谁做了什么"), Text("Filter by person, kind, object", "按人、类型、对象筛选"), "/audit", ()),
        Task(Text("Take a list away", "导出一个列表"), Text("And find that in the log", "并在日志中找到它"), "/orders", ("staff.list_exported",)),
    ),
    "risk": (
        Task(Text("Look at a flag's reasons", "查看一条核实记录的理由"), Text("Confirm it or lift it", "确认或解除"), "/abuse", ("abuse_flag.signed", "abuse_flag.lifted")),
    ),
}  # fmt: skip


@screen("/tour", permission="signed_in")
async def tour(tx: Tx, session: access.Session) -> Sheet:
    """What to try first at one's desk."""
    tasks = [task for role in session.roles for task in TASKS.get(role, ())]
    made = await done_by.wires(tx, session.actor.id or 0, {wire for task in tasks for wire in task.wires})
    done = sum(bool(made & set(task.wires)) for task in tasks)
    rows = [
        Row(str(n), task.href, {
            "task": Two(Link(task.href, task.text), task.how),
            "stands": Chip(Text("Done", "已完成"), "done") if made & set(task.wires) else None if task.wires else Text("look", "看一看"),
        }) for n, task in enumerate(tasks)
    ]  # fmt: skip
    return Sheet(
        title=Text("What to try first", "从这里开始"), kind=Text("Tour of your desk", "岗位导览"),
        lead=Text(f"{done} of {len(tasks)} done", f"已完成 {done} / {len(tasks)}"),
        main=[Table(
            Text("Tasks", "任务"), [Column("task", Text("Task", "任务")), Column("stands", Text("Stands", "状态"))], rows,
            Text("There is nothing to try for your role yet.", "您的角色暂无导览任务。"),
        )],
    )  # fmt: skip


ROUTES = [tour]
