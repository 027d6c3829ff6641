"""Every no about evidence."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class EvidenceUnknown(Refusal):
    """There is no such file, or it is not for whoever asks."""

    code = "evidence.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such evidence.", "凭证不存在。")
    remedy = Text(
        "Check the id; a shop that asks for a buyer names the buyer.", "请核对凭证编号；代用户查询时须指明用户。"
    )


class TooMuchEvidence(Refusal):
    """There is a limit to what one order or one buyer brings."""

    code = "evidence.too_much"
    kind = Kind.CONFLICT
    message = Text("There are {most} files already, the most there can be.", "凭证已达上限 {most} 个。")
    remedy = Text("Use those that are there; a reviewer can ask for one that is missing.",
                  "请使用已上传的凭证；如有缺失，审核人员会另行索取。")  # fmt: skip


class NoNameForShot(Refusal):
    """A file says what it shows."""

    code = "evidence.shot_unfit"
    kind = Kind.INVALID
    message = Text("This says nothing about what the file shows.", "未说明凭证所展示的内容。")
    remedy = Text("Give `shot` as a code of at most 64 letters, digits and underscores, such as the policy's.",
                  "请用 shot 填写代码（字母、数字、下划线，最多 64 位），如政策所列的拍摄要求。")  # fmt: skip
