"""Every no about looking at goods that came back."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class ChecksMissing(Refusal):
    """An inspection answers every check of its goods' recipe, or says itself whether they are original and intact."""

    code = "inspection.checks_missing"
    kind = Kind.INVALID
    message = Text("Not everything was looked at: {missing}.", "尚有未完成的检查项：{missing}。")
    remedy = Text("Answer each check of the recipe with yes or no.", "请逐项回答该类商品的检查项（是或否）。")


class CheckUnknown(Refusal):
    """The recipe of these goods has no such check."""

    code = "inspection.check_unknown"
    kind = Kind.INVALID
    message = Text("The recipe {recipe} has no check {check}.", "检验方案 {recipe} 中没有检查项 {check}。")
    remedy = Text("Use the checks of the recipe: {known}.", "可用的检查项：{known}。")


class FindingsContradict(Refusal):
    """What is said does not follow from what was found."""

    code = "inspection.findings_contradict"
    kind = Kind.INVALID
    message = Text("By what was found ({found}) this cannot be {said}.", "根据检查结果（{found}），不能填写为 {said}。")
    remedy = Text("Leave it out, or look again.", "请删除该项，或重新检验。")


class SerialsMissing(Refusal):
    """Every numbered piece is read when it comes back."""

    code = "inspection.serials_missing"
    kind = Kind.INVALID
    message = Text("{sku} left with numbers on its pieces: {wanted} are to be read, {read} were.",
                   "{sku} 出库时登记了序列号：应读取 {wanted} 个，实际 {read} 个。")  # fmt: skip
    remedy = Text("Read the number of each piece, once.", "请逐件读取序列号，每件一次。")


class DetailUnfit(Refusal):
    """Something beside the findings makes no sense."""

    code = "inspection.detail_unfit"
    kind = Kind.INVALID
    message = Text("{field} does not fit here.", "{field} 的内容不合适。")
    remedy = Text("Give short plain words, and numbers that are not negative.", "请填写简短文字和非负数值。")


class PicturesMissing(Refusal):
    """What is not as it should be is shown."""

    code = "inspection.pictures_missing"
    kind = Kind.CONFLICT
    message = Text("{wanted} pictures at least show what is not as it should be; there are {there}.",
                   "不符之处至少需 {wanted} 张照片，现有 {there} 张。")  # fmt: skip
    remedy = Text("Take the pictures first.", "请先上传照片。")


class TooManyPictures(Refusal):
    """So many say no more than fewer."""

    code = "inspection.too_many_pictures"
    kind = Kind.CONFLICT
    message = Text("There are {most} pictures of this return already.", "该退货单已有 {most} 张照片。")
    remedy = Text("Take those that matter.", "请只保留有用的照片。")


class SamePerson(Refusal):
    """The second look is somebody else's."""

    code = "inspection.same_person"
    kind = Kind.FORBIDDEN
    message = Text("You have looked at these goods already; somebody else looks a second time.",
                   "您已检验过这些商品，须由另一人复检。")  # fmt: skip
    remedy = Text("Ask another inspector.", "请由另一名质检员复检。")


class NoLook(Refusal):
    """Nothing waits to be confirmed."""

    code = "inspection.no_look"
    kind = Kind.CONFLICT
    message = Text("No first look at these goods waits for a second one.", "没有等待复检的初检记录。")
    remedy = Text("Inspect them yourself.", "请直接进行检验。")


class PictureUnknown(Refusal):
    """There is no such picture, or it is somebody else's."""

    code = "inspection.picture_unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such picture.", "照片不存在。")
    remedy = Text("Check the id; the return names its pictures.", "请核对编号；退货单中列有其照片。")


class UseNotCounted(Refusal):
    """The policy knows goods that are intact and goods that are not, or the goods lost less than that."""

    code = "inspection.use_not_counted"
    kind = Kind.INVALID
    message = Text("Nothing of this can be taken off for use.", "不能就此扣除折旧。")
    remedy = Text("Say whether the goods are intact; where the policy counts use, a loss of at most what was paid for them.",
                  "请判定商品是否完好；政策允许扣减时，填写不超过实付金额的贬值额。")  # fmt: skip
