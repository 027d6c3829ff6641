"""What people arrange for themselves: views of lists, and the keys they press; and which sheets they look at."""

from datetime import timedelta

import msgspec

from dingdan.kernel.refusal import Text


class KeepView(msgspec.Struct, frozen=True):
    """A view to keep: the list's address, a name, and what it is narrowed by. `is_shared`: for everybody of the house."""

    path: str
    name: str
    query: dict[str, str]
    is_shared: bool = False


class KeptView(msgspec.Struct, frozen=True):
    """A view that somebody keeps; `is_own` says whether it is the asker's."""

    id: int
    path: str
    name: str
    query: dict[str, str]
    is_shared: bool
    is_own: bool


class OpenSheet(msgspec.Struct, frozen=True):
    """One page with a sheet open: an id of its own, and the kind and id of what the sheet is of."""

    id: int
    kind: str
    sheet_id: int


# How often a page says so, and after how long without a word it is gone: one word may be lost on the way.
SAID_EVERY, OPEN_LASTS = timedelta(seconds=20), timedelta(seconds=50)


class Shortcut(msgspec.Struct, frozen=True):
    """A single key of the console: the name it is kept by, the key that everybody begins with, and what it does."""

    name: str
    key: str
    text: Text


# The verbs of queues first, as they stand on buttons; then what moves about. A letter means the same kind of thing everywhere.
SHORTCUTS = (
    Shortcut("a", "A", Text("Approve, release, accept, close", "通过、放行、接受、关闭")),
    Shortcut("r", "R", Text("Reject, refuse, send again, start a return", "驳回、拒绝、重试、发起退货")),
    Shortcut("o", "O", Text("Offer, link, another item", "提议、关联、改换商品")),
    Shortcut("e", "E", Text("Ask, show proof, change", "询问、举证、修改")),
    Shortcut("i", "I", Text("Raise an issue, escalate, invite", "转异常、升级、邀请")),
    Shortcut("m", "M", Text("Message, receive", "发消息、收货")),
    Shortcut("t", "T", Text("Take, try", "领取、试算")),
    Shortcut("u", "U", Text("Put back, upload", "放回、上传")),
    Shortcut("p", "P", Text("Print, note a payment, add photos", "打印、登记付款、添加照片")),
    Shortcut("n", "N", Text("Note, new", "备注、新建")),
    Shortcut("c", "C", Text("Compensate, combine, close, count", "补偿、合并、关闭、盘点")),
    Shortcut("s", "S", Text("Reship, send, save, suspend", "补发、寄出、保存、暂停")),
    Shortcut("h", "H", Text("Hold, hand over", "挂起、转交")),
    Shortcut("lift", "L", Text("Let go of a hold, make later", "解除挂起、延期")),
    Shortcut("d", "D", Text("Decide, grant, another address", "处置、批准、修改地址")),
    Shortcut("b", "B", Text("Block, unblock, back-test", "冻结、解冻、回测")),
    Shortcut("f", "F", Text("Force, look for, turn into money", "强制放行、查找、转为退款")),
    Shortcut("q", "Q", Text("Ask the provider", "向渠道查询")),
    Shortcut("w", "W", Text("Answer each, build a wave", "逐项核对、创建波次")),
    Shortcut("v", "V", Text("What the buyer sees", "买家可见")),
    Shortcut("tags", "#", Text("Tags", "标签")),
    Shortcut("x", "X", Text("Select a row", "选中一行")),
    Shortcut("j", "J", Text("Down", "下一条")),
    Shortcut("k", "K", Text("Up", "上一条")),
    Shortcut("before", "[", Text("Previous of the list", "列表上一条")),
    Shortcut("after", "]", Text("Next of the list", "列表下一条")),
    Shortcut("y", "Y", Text("Copy the link", "复制链接")),
    Shortcut("filter", "/", Text("Filter", "筛选")),
    Shortcut("help", "?", Text("The sheet of keys", "快捷键说明")),
)
# These stay: G begins the way to a desk, digits are views of a list and steps of a case.
FIXED = frozenset("G123456789")
