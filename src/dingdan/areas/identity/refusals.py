"""Every no about staff, keys and people's data."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class StaffUnknown(Refusal):
    """There is no such member of staff, or they are somebody else's."""

    code = "staff.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such member of staff.", "员工不存在。")
    remedy = Text("Check the id, and that they are still active.", "请核对员工编号，并确认其仍处于启用状态。")


class KeyUnknown(Refusal):
    """There is no such key, or it is somebody else's."""

    code = "key.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such key.", "密钥不存在。")
    remedy = Text("Check the id of the key.", "请核对密钥编号。")


class KeyNotInForce(Refusal):
    """A key that was revoked, or replaced before, has no successor of its own."""

    code = "key.not_in_force"
    kind = Kind.CONFLICT
    message = Text("This key was revoked or replaced already.", "该密钥已吊销或已轮换。")
    remedy = Text("Make a new key, or replace its successor.", "请签发新密钥，或轮换其后继密钥。")


class KeyEndUnusable(Refusal):
    """A key ends in the future, and not in some far one."""

    code = "key.end_unusable"
    kind = Kind.INVALID
    message = Text("A key ends in the future, within {years} years.", "密钥的到期时间须在未来 {years} 年内。")
    remedy = Text("Name a later moment, or none for a key without an end.", "请填写有效的到期时间，或留空表示不过期。")


class OverlapUnusable(Refusal):
    """Two keys work side by side for as long as it takes to change a program, and no longer."""

    code = "key.overlap_unusable"
    kind = Kind.INVALID
    message = Text("Old and new key work side by side for 0 to {days} days.", "新旧密钥的并行时间须为 0 至 {days} 天。")
    remedy = Text("Send fewer hours.", "请缩短并行时间。")


class BuyerUnknown(Refusal):
    """There is no such buyer, or they are somebody else's."""

    code = "buyer.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such buyer.", "买家不存在。")
    remedy = Text("Check the id of the buyer.", "请核对买家编号。")


class LoginUnusable(Refusal):
    """A login has a shape."""

    code = "identity.login_unusable"
    kind = Kind.INVALID
    message = Text(
        "A login has 2 to 64 characters: small letters, digits and any of . _ @ + - signs.",
        "登录名须为 2 至 64 个字符，可用小写字母、数字和 . _ @ + - 等符号。",
    )
    remedy = Text("Choose another login.", "请更换登录名。")


class LoginTaken(Refusal):
    """Somebody who is not yours to change has this login."""

    code = "identity.login_taken"
    kind = Kind.CONFLICT
    message = Text("The login {login} is taken.", "登录名 {login} 已被占用。")
    remedy = Text("Choose another login.", "请更换登录名。")


class StaffMoved(Refusal):
    """Somebody else changed a member of staff since they were read."""

    code = "identity.staff_moved"
    kind = Kind.CONFLICT
    message = Text("{login} was changed since you opened this.", "员工 {login} 在您打开之后已被修改。")
    remedy = Text(
        "Look at the person as they stand now, and make your change once more.",
        "请重新打开该员工查看最新内容后再修改。",
    )


class NameUnusable(Refusal):
    """A name has something in it, and nothing that does not print."""

    code = "identity.name_unusable"
    kind = Kind.INVALID
    message = Text("A name has 1 to 100 printable characters.", "名称须为 1 至 100 个可见字符。")
    remedy = Text("Give a name by which people know what this is.", "请填写便于识别的名称。")


class RoleUnknown(Refusal):
    """Staff cannot have a role that does not exist."""

    code = "identity.role_unknown"
    kind = Kind.INVALID
    message = Text("There is no staff role {role}.", "不存在员工角色 {role}。")
    remedy = Text("Choose from: {known}.", "可选角色：{known}。")


class RoleAboveMerchants(Refusal):
    """Platform roles are for platform staff."""

    code = "identity.role_above_merchants"
    kind = Kind.FORBIDDEN
    message = Text("The role {role} is for platform staff only.", "角色 {role} 仅限平台员工。")
    remedy = Text("Leave it out, or add the person to the platform's staff.", "请去掉该角色，或将此人登记为平台员工。")


class RolesConflict(Refusal):
    """Nobody holds two roles that watch over each other."""

    code = "identity.roles_conflict"
    kind = Kind.CONFLICT
    message = Text("One person may not hold these together: {pairs}.", "同一人不得兼任以下角色：{pairs}。")
    remedy = Text("Give one of them to somebody else.", "请将其中一个角色分配给他人。")


class OwnRoles(Refusal):
    """Nobody changes what they may do themselves."""

    code = "identity.own_roles"
    kind = Kind.FORBIDDEN
    message = Text("Nobody changes their own roles.", "不能修改自己的角色。")
    remedy = Text("Ask somebody else who manages staff.", "请联系其他员工管理人员办理。")


class PermissionMissing(Refusal):
    """The actor lacks what this takes."""

    code = "identity.permission_missing"
    kind = Kind.FORBIDDEN
    message = Text("This takes the permission {permission}.", "该操作需要权限 {permission}。")
    remedy = Text("Use a key or a role that has it.", "请使用具备该权限的密钥或角色。")


class PermissionUnknown(Refusal):
    """A key cannot have a scope that does not exist."""

    code = "identity.permission_unknown"
    kind = Kind.INVALID
    message = Text("There is no permission {permission}.", "不存在权限 {permission}。")
    remedy = Text("Choose from the table in docs/permissions.md.", "请从 docs/permissions.md 的权限表中选择。")


class ScopesMissing(Refusal):
    """A key that may do nothing is a mistake."""

    code = "identity.scopes_missing"
    kind = Kind.INVALID
    message = Text("A key needs at least one scope.", "密钥至少需要一项权限。")
    remedy = Text("Name the permissions that the key shall have.", "请列出该密钥应具备的权限。")


class GrantTooWide(Refusal):
    """Nobody gives more than they have."""

    code = "identity.grant_too_wide"
    kind = Kind.FORBIDDEN
    message = Text("You cannot give {permission}: you do not have it.", "您没有权限 {permission}，不能授予他人。")
    remedy = Text(
        "Leave it out, or let somebody who has it issue the key.", "请去掉该权限，或由具备该权限的人签发密钥。"
    )


class ScopeBeyondStaff(Refusal):
    """A key narrows what its person may do; it never widens it."""

    code = "identity.scope_beyond_staff"
    kind = Kind.FORBIDDEN
    message = Text("The roles of {login} do not include {permission}.", "{login} 的角色不包含权限 {permission}。")
    remedy = Text("Leave it out, or change the person's roles first.", "请去掉该权限，或先调整此人的角色。")


class OtherMerchant(Refusal):
    """A merchant's hand ends at its own door."""

    code = "identity.other_merchant"
    kind = Kind.FORBIDDEN
    message = Text("You can only do this for your own merchant.", "只能为本商家执行该操作。")
    remedy = Text("Name your own merchant.", "请填写本商家。")


class RefUnusable(Refusal):
    """The shop's name for a buyer must be something one can find again."""

    code = "identity.ref_unusable"
    kind = Kind.INVALID
    message = Text("A buyer's reference has 1 to 200 printable characters.", "买家标识须为 1 至 200 个可见字符。")
    remedy = Text("Send the stable id that your shop has for this buyer.", "请使用店铺内该买家的固定编号。")


class TextUnusable(Refusal):
    """Words about a person that cannot be stored or printed on a label."""

    code = "identity.text_unusable"
    kind = Kind.INVALID
    message = Text(
        "This has control characters, or more than {limit} characters.",
        "含有控制字符，或超过 {limit} 个字符。",
    )
    remedy = Text("Send plain text.", "请使用普通文本。")
