"""Every no about where events are sent."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class EndpointUnknown(Refusal):
    """There is no such endpoint, or it is somebody else's, or it was removed."""

    code = "webhook.endpoint_unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such webhook endpoint.", "推送地址不存在。")
    remedy = Text("List the endpoints.", "请查询推送地址列表。")


class DeliveryUnknown(Refusal):
    """There is no such delivery, or it is somebody else's, or it is older than the log."""

    code = "webhook.delivery_unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such delivery.", "推送记录不存在。")
    remedy = Text(
        "List the deliveries of the endpoint; the log keeps 30 days.", "请查询该地址的推送记录，记录保留 30 天。"
    )


class EventUnknown(Refusal):
    """A filter that no event will ever match."""

    code = "webhook.event_unknown"
    kind = Kind.INVALID
    message = Text("There is no event {event}.", "没有事件 {event}。")
    remedy = Text(
        "Name an event, all of a subject (order.*) or all (*); see docs/events.md.",
        "请填写事件名称、某类全部事件（如 order.*）或全部（*），参见 docs/events.md。",
    )


class ScopeNotGiven(Refusal):
    """An endpoint would see more than whoever sets it up, or could change something."""

    code = "webhook.scope_not_given"
    kind = Kind.FORBIDDEN
    message = Text("The scope {scope} cannot be given to an endpoint here.", "无法授予推送地址 {scope} 权限。")
    remedy = Text(
        "Name permissions that end in .read and that your key has, event.read among yours. People in full are never pushed.",
        "请仅填写以 .read 结尾且当前密钥已有的权限，当前密钥还须有 event.read；个人信息不会以明文推送。",
    )


class TargetMalformed(Refusal):
    """The address is not one that is called."""

    code = "webhook.target_malformed"
    kind = Kind.INVALID
    message = Text("This is not an address that webhooks are sent to.", "该地址无法用于接收推送。")
    remedy = Text(
        "Use https with a plain host name, port 443 or 8443, no user, no fragment; at most 500 ASCII characters.",
        "请使用 https 地址、普通域名、443 或 8443 端口，不含用户名和 # 片段，最长 500 个 ASCII 字符。",
    )


class TargetPrivate(Refusal):
    """The address leads, or may lead, to a private or local place."""

    code = "webhook.target_private"
    kind = Kind.INVALID
    message = Text("This address leads to a private or local network.", "该地址指向内网或本机。")
    remedy = Text("Use a name all of whose addresses are on the public net.", "请使用所有解析结果均为公网地址的域名。")


class TargetUnresolved(Refusal):
    """The name service knows no such name."""

    code = "webhook.target_unresolved"
    kind = Kind.INVALID
    message = Text("The name of this address was not found.", "无法解析该地址的域名。")
    remedy = Text("Check the name, or try again in a minute.", "请核对域名，或稍后重试。")


class TooManyEndpoints(Refusal):
    """A merchant has as many endpoints as it may."""

    code = "webhook.too_many_endpoints"
    kind = Kind.CONFLICT
    message = Text("There are {limit} endpoints already.", "推送地址已达 {limit} 个上限。")
    remedy = Text("Remove one that is not needed any more.", "请先删除不再使用的推送地址。")


class PlaceUnknown(Refusal):
    """The feed has not come so far."""

    code = "webhook.place_unknown"
    kind = Kind.INVALID
    message = Text("The feed of events has not come so far.", "事件流尚未到达该位置。")
    remedy = Text("Use a cursor that the feed gave out.", "请使用事件流返回的游标。")


class EndpointDisabled(Refusal):
    """Nothing is sent to an endpoint that is disabled, except a test."""

    code = "webhook.endpoint_disabled"
    kind = Kind.CONFLICT
    message = Text("This endpoint is disabled.", "该推送地址已停用。")
    remedy = Text("Test it, enable it, then replay.", "请先测试并启用该地址，再重新推送。")


class CatcherOff(Refusal):
    """Where things are real nobody's messages are kept by us."""

    code = "webhook.catcher_off"
    kind = Kind.CONFLICT
    message = Text("The catcher is there in the sandbox only.", "消息接收器仅在沙盒中可用。")
    remedy = Text("Name an address of your own.", "请填写您自己的接收地址。")


class CatcherFixed(Refusal):
    """A catcher has no address outside, and gets none."""

    code = "webhook.catcher_fixed"
    kind = Kind.CONFLICT
    message = Text("The catcher has no address to change.", "消息接收器没有可修改的地址。")
    remedy = Text("Add another endpoint with the address.", "请另行添加该地址的端点。")


class NoCatcher(Refusal):
    """Only the catcher can be told what to answer, and only what it knows."""

    code = "webhook.no_catcher"
    kind = Kind.CONFLICT
    message = Text("Only a catcher can be told what to answer: {known}.", "只有消息接收器可以指定应答：{known}。")
    remedy = Text("Choose a catcher and one of these.", "请选择消息接收器及上述应答之一。")


class CaughtUnknown(Refusal):
    """The catcher has no such message, or no longer."""

    code = "webhook.caught_unknown"
    kind = Kind.NOT_FOUND
    message = Text("The catcher has no such message.", "接收器中没有该消息。")
    remedy = Text("Look at its list: it keeps the newest only.", "请查看列表，仅保留最新消息。")
