"""Every no of desks."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class ViewUnusable(Refusal):
    """A name is empty or too long, or what the list is narrowed by is more than an address holds."""

    code = "desk.view_unusable"
    kind = Kind.INVALID
    message = Text(
        "A view needs a name of 1 to 40 characters and filters that fit an address.",
        "视图需要 1 至 40 个字符的名称，筛选条件不能过长。",
    )
    remedy = Text("Choose a short name, or fewer filters.", "请使用较短的名称或减少筛选条件。")


class TooManyViews(Refusal):
    """Somebody keeps as many views of a list as there is room for."""

    code = "desk.too_many_views"
    kind = Kind.CONFLICT
    message = Text("{most} views of this list are kept already.", "该列表已保存 {most} 个视图。")
    remedy = Text("Drop one first.", "请先删除一个。")


class ViewUnknown(Refusal):
    """There is no such view, or it is somebody else's."""

    code = "desk.view_unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such view of yours.", "您没有该视图。")
    remedy = Text("Open the list again.", "请重新打开列表。")


class ShortcutUnknown(Refusal):
    """There is no such shortcut to choose a key for."""

    code = "desk.shortcut_unknown"
    kind = Kind.INVALID
    message = Text("There is no such shortcut.", "没有该快捷键。")
    remedy = Text("Open the page of your keys again.", "请重新打开快捷键页面。")


class KeyUnusable(Refusal):
    """What was chosen is not one key, or one that always means something else."""

    code = "desk.key_unusable"
    kind = Kind.INVALID
    message = Text(
        "A shortcut is one letter or sign that a keyboard types; G and the digits 1 to 9 are taken by the console.",
        "快捷键须为键盘上的一个字母或符号；G 和数字 1 至 9 由控制台保留。",
    )
    remedy = Text("Press another single key, or leave the field empty.", "请换一个单键，或留空。")


class KeyTaken(Refusal):
    """Two shortcuts would have one key."""

    code = "desk.key_taken"
    kind = Kind.INVALID
    message = Text(
        "{key} would mean two things: “{first}” and “{second}”.", "按键 {key} 重复：“{first_zh}”与“{second_zh}”。"
    )
    remedy = Text("Choose another key for one of them.", "请为其中一个更换按键。")
