"""What is said of people, keys, webhooks and who looked at what."""

from dingdan.kernel.refusal import Text

WORDS: dict[str, Text] = {
    "staff.saved": Text("Left the staff", "员工已停用"),
    "staff.saved:active": Text("Staff saved with roles: {roles}", "员工已保存，角色：{roles}"),
    "staff.invited": Text("Invited to choose a password", "已发出邀请链接"),
    "staff.password_set": Text("Password chosen; all sessions ended", "已设置密码，全部登录失效"),
    "staff.second_factor_set": Text("Second factor given up", "已关闭两步验证"),
    "staff.second_factor_set:is_on": Text("Second factor in use", "已启用两步验证"),
    "staff.sign_in_locked": Text("Sign-in locked after {failed:wrong attempt}", "登录失败 {failed} 次，暂时锁定"),
    "staff.signed_in": Text("Signed in with {by}", "登录（{by}）"),
    "staff.signed_out": Text("{sessions:session} ended", "结束 {sessions} 个登录"),
    "staff.list_exported": Text("Took away {rows:row} of {page} as a file", "导出 {page}，{rows} 行"),
    "key.issued": Text("API key issued: {scopes}", "签发 API 密钥：{scopes}"),
    "key.replaced": Text("API key replaced by {key_id}; works until {works_until}", "API 密钥由 {key_id} 接替，旧密钥有效至 {works_until}"),
    "key.revoked": Text("API key revoked", "吊销 API 密钥"),
    "webhook.created": Text("Webhook endpoint added", "新增 Webhook 端点"),
    "webhook.changed": Text("Webhook endpoint changed", "修改 Webhook 端点"),
    "webhook.enabled": Text("Webhook endpoint switched on", "启用 Webhook 端点"),
    "webhook.disabled": Text("Webhook endpoint switched off: {reason}", "停用 Webhook 端点：{reason}"),
    "webhook.disabled:waiting": Text("Webhook endpoint switched off: {reason}; {waiting} wait", "停用 Webhook 端点：{reason}，{waiting} 条待推送"),
    "webhook.removed": Text("Webhook endpoint removed", "删除 Webhook 端点"),
    "webhook.secret_rotated": Text("Webhook secret rotated", "轮换 Webhook 签名密钥"),
    "buyer.forgotten": Text("Personal data erased for good", "个人信息已永久删除"),
}  # fmt: skip
