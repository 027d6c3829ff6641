"""Every no of access. What is wrong with a sign-in is never said more exactly than that it is wrong."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class SecretsWrong(Refusal):
    """Login, password and code do not fit together; which of them is wrong is not said."""

    code = "access.secrets_wrong"
    kind = Kind.UNAUTHENTICATED
    message = Text("Login, password or code is wrong.", "账号、密码或验证码不正确。")
    remedy = Text(
        "Check them and try again; an administrator can send a new invitation.",
        "请核对后重试；管理员可重新发送邀请。",
    )


class SignInPaused(Refusal):
    """Too many wrong attempts came for this login."""

    code = "access.paused"
    kind = Kind.UNAUTHENTICATED
    message = Text(
        "Too many wrong attempts; nothing is looked at for {seconds} seconds.",
        "错误次数过多，请在 {seconds} 秒后再试。",
    )
    remedy = Text("Wait, then try again.", "请稍后重试。")


class CodeWrong(Refusal):
    """A code of the second factor does not fit, or was used before."""

    code = "access.code_wrong"
    kind = Kind.INVALID
    message = Text("This code does not fit, or was used already.", "验证码不正确或已使用过。")
    remedy = Text("Wait for the next code and enter that.", "请等待并输入下一个验证码。")


class PasswordTooWeak(Refusal):
    """A new password is too short, too long, or is everybody's."""

    code = "access.password_too_weak"
    kind = Kind.INVALID
    message = Text(
        "A password has 12 to 200 characters and is not one that many people use.",
        "密码须为 12 至 200 个字符，且不能是常见密码。",
    )
    remedy = Text("Choose a longer one: four unrelated words do well.", "请换一个更长的密码，例如四个不相关的词。")


class InvitationUnusable(Refusal):
    """A link to choose a password was used, has expired, or never was."""

    code = "access.invitation_unusable"
    kind = Kind.GONE
    message = Text("This invitation cannot be used any more.", "该邀请已失效。")
    remedy = Text("Ask an administrator for a new one.", "请联系管理员重新发送邀请。")


class ProofTooOld(Refusal):
    """An act with consequences asks for the password again."""

    code = "access.proof_too_old"
    kind = Kind.UNAUTHENTICATED
    message = Text("This needs a fresh proof that it is you.", "请确认是您本人操作。")
    remedy = Text("Enter your password again and repeat the act.", "请再次输入密码后重试。")


class GuestCodeWrong(Refusal):
    """A code that was sent for an order opens nothing: it is wrong, over, used, tried too often, or there is no such order."""

    code = "access.guest_code_wrong"
    kind = Kind.INVALID
    message = Text("This code opens nothing.", "验证码无效。")
    remedy = Text(
        "Check it, or ask for a new one: a code holds 10 minutes and 5 tries.",
        "请核对后重试或重新获取：验证码 10 分钟内有效，最多可输错 5 次。",
    )


class LinkUnusable(Refusal):
    """A link to an order opens nothing: it is wrong, was renewed, or there is no such order. It is not said which."""

    code = "access.link_unusable"
    kind = Kind.NOT_FOUND
    message = Text("This link opens nothing.", "该链接无效。")
    remedy = Text("Use the newest link you were sent, or ask for a new one.", "请使用最新收到的链接，或重新获取链接。")
