"""Every no and every failure as `application/problem+json` (RFC 9457), in the language that was asked for."""

import http
from typing import Any, ClassVar

import asyncpg
import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, MethodNotAllowedException

from dingdan.kernel.refusal import Kind, Refusal, Solution, Text
from dingdan.plumbing.http import Outage
from dingdan.plumbing.telemetry import correlation, log
from dingdan.surfaces.shared import language

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 1

# The summary of a kind of problem; it never changes from one occurrence to the next.
TITLES: dict[int, Text] = {
    401: Text("Who is asking is not known", "无法确认请求者身份"),
    403: Text("This is not allowed", "没有权限"),
    404: Text("There is no such thing", "对象不存在"),
    405: Text("This cannot be done here", "不支持该操作"),
    409: Text("It does not fit how things stand", "与当前状态冲突"),
    410: Text("It is no longer there", "对象已不存在"),
    413: Text("The request is too large", "请求过大"),
    415: Text("This form of content is not understood", "不支持该内容格式"),
    422: Text("The request cannot be taken as it is", "请求内容有误"),
    429: Text("Too many attempts", "尝试过于频繁"),
    500: Text("Something went wrong on our side", "系统内部错误"),
    502: Text("Somebody we depend on did not answer", "外部服务未响应"),
    503: Text("The system is busy", "系统繁忙"),
}


class Malformed(Refusal):
    """A body, parameter or header is not what the description of the API says."""

    code = "request.malformed"
    kind = Kind.INVALID
    message = Text("The request does not have the right form: {what}.", "请求格式不正确：{what_zh}。")
    remedy = Text(
        "Compare it with the API description at /docs; `path` names the place.",
        "请对照 /docs 的接口说明修改，path 指明了位置。",
    )


class NoSuchRoute(Refusal):
    """The address leads nowhere."""

    code = "request.no_such_route"
    kind = Kind.NOT_FOUND
    message = Text("There is nothing at this address.", "该地址不存在。")
    remedy = Text("The API description at /docs lists every address.", "所有地址见 /docs 的接口说明。")


class MethodNotAllowed(Refusal):
    """The address exists, the method does not."""

    code = "request.method_not_allowed"
    kind = Kind.INVALID
    status: ClassVar[int] = 405
    message = Text("This address does not take {method}.", "该地址不支持 {method} 方法。")
    remedy = Text("The Allow header names the methods that it takes.", "可用的方法见 Allow 响应头。")


class UnsupportedMediaType(Refusal):
    """The body is announced as something that we do not read."""

    code = "request.unsupported_media_type"
    kind = Kind.INVALID
    status: ClassVar[int] = 415
    message = Text("A body of type {given} is not read here.", "此处不接受 {given} 类型的内容。")
    remedy = Text(
        "Send it as {wanted} in UTF-8, with that Content-Type.",
        "请以 UTF-8 编码的 {wanted} 发送，并写明 Content-Type。",
    )


class TooLarge(Refusal):
    """The body is larger than is read at all."""

    code = "request.too_large"
    kind = Kind.TOO_LARGE
    message = Text("The body is larger than {limit} bytes.", "请求内容超过 {limit} 字节。")
    remedy = Text(
        "Send less at once; bulk data goes through /v1/imports.",
        "请减少单次内容；批量数据请使用 /v1/imports。",
    )


class NotTaken(Refusal):
    """The protocol below us refused the request."""

    code = "request.not_taken"
    kind = Kind.INVALID
    message = Text("The request cannot be read.", "无法读取该请求。")
    remedy = Text("Check how the request is built.", "请检查请求的构造方式。")


class NotStorable(Refusal):
    """A value passed every check of form and is still none that can be kept."""

    code = "request.not_storable"
    kind = Kind.INVALID
    message = Text("A value of the request cannot be stored.", "请求中有无法保存的值。")
    remedy = Text("Look for numbers out of range and unusual characters.", "请检查超出范围的数字和特殊字符。")


class OutsideFailed(Refusal):
    """Somebody we depend on did not answer."""

    code = "outside.failed"
    kind = Kind.BUSY
    status: ClassVar[int] = 502
    message = Text(
        "A service outside did not answer; the outcome is being found out.", "外部服务未响应，正在核实结果。"
    )
    remedy = Text("Read the object again in a while.", "请稍后重新读取该对象。")


class Unexpected(Refusal):
    """Our mistake. What it was stands in the log under the correlation id, and nowhere else."""

    code = "internal.unexpected"
    kind = Kind.BUSY
    status: ClassVar[int] = 500
    message = Text("Something went wrong on our side.", "系统内部错误。")
    remedy = Text(
        "Repeat it with the same Idempotency-Key; if it stays, report the correlation id.",
        "请使用相同的 Idempotency-Key 重试；若仍失败，请将 correlation 编号告知我们。",
    )


class DatabaseAway(Refusal):
    """The database cannot be reached, or went away before it said that it had committed."""

    code = "database.away"
    kind = Kind.BUSY
    message = Text(
        "The database did not answer; whether the change was made is not certain.",
        "数据库未响应，无法确定更改是否已生效。",
    )
    remedy = Text(
        "Send the same request again with the same Idempotency-Key: it is done once, whatever happened.",
        "请使用相同的 Idempotency-Key 重发同一请求：无论此前结果如何，都只会执行一次。",
    )


class ProblemItem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong: what, where (JSON path in the request) and what to do about it.

    `solutions` are ways out that can be taken as they are: a patch of the request (RFC 6902), or an action to call.
    """

    code: str
    path: str
    message: Text
    remedy: Text
    params: dict[str, Any]
    solutions: tuple[Solution, ...] = ()


class Problem(msgspec.Struct, frozen=True):
    """A refusal on the wire. `problems` lists all that is wrong, in both languages; the rest is in the asked one."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    path: str
    remedy: str
    problems: list[ProblemItem]
    correlation: str


_encoder = msgspec.json.Encoder(enc_hook=str)

# The database is away or going away; asyncpg says so in several ways.
AWAY = (
    asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError, asyncpg.InterfaceError, asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError, ConnectionError, TimeoutError,
)  # fmt: skip


def answer(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The response to anything that was raised on the way."""
    refusal = as_refusal(request, error)
    # Kept by the journal with the line of this call.
    request.scope["refusal_codes"] = tuple(dict.fromkeys(one.code for one in refusal.problems))  # type: ignore[typeddict-unknown-key]
    headers = {"Vary": "Accept-Language"}
    if isinstance(error, HTTPException) and error.headers:
        headers |= {name.title(): value for name, value in error.headers.items() if name.lower() == "allow"}
    return response(refusal, language.asked(request.headers.get("accept-language", "")), headers)


def response(refusal: Refusal, tongue: language.Tongue, headers: dict[str, str] | None = None) -> Response[bytes]:
    """A refusal as a response."""
    status = status_of(refusal)
    extra = {"Content-Language": tongue, **(headers or {})}
    if status in (429, 502, 503):
        asked = [one.params["retry_after_seconds"] for one in refusal.problems if "retry_after_seconds" in one.params]
        extra["Retry-After"] = str(max(asked, default=RETRY_AFTER_SECONDS))
    if status == 401:
        extra["WWW-Authenticate"] = 'Bearer realm="dingdan"'
    body = _encoder.encode(problem_of(refusal, tongue))
    return Response(body, status_code=status, media_type=MEDIA_TYPE, headers=extra)


def problem_of(refusal: Refusal, tongue: language.Tongue) -> Problem:
    """A refusal in the form that goes over the wire."""
    status = status_of(refusal)
    title = TITLES.get(status) or Text(http.HTTPStatus(status).phrase, http.HTTPStatus(status).phrase)
    return Problem(
        type=f"/problems/{refusal.code}",
        title=language.pick(title, tongue),
        status=status,
        detail=language.pick(refusal.message.filled(refusal.params), tongue),
        code=refusal.code,
        path=refusal.path,
        remedy=language.pick(refusal.remedy.filled(refusal.params), tongue),
        problems=[problem_item(problem) for problem in refusal.problems],
        correlation=correlation.get(),
    )


def problem_item(problem: Refusal) -> ProblemItem:
    """One thing that is wrong, in both languages."""
    params = problem.params
    return ProblemItem(
        code=problem.code,
        path=problem.path,
        message=problem.message.filled(params),
        remedy=problem.remedy.filled(params),
        params=params,
        solutions=problem.solutions,
    )


def status_of(refusal: Refusal | type[Refusal]) -> int:
    """The HTTP status of a refusal; of several, the first one's."""
    leading = refusal.problems[0] if isinstance(refusal, Refusal) else refusal
    status: int = getattr(leading, "status", leading.kind.value)
    return status


def as_refusal(request: Request[Any, Any, Any], error: Exception) -> Refusal:
    """What was raised, in words that may leave the house; the log names it beside who asked (S-24)."""
    refusal = _in_words(request, error)
    note(request, *refusal.problems)
    return refusal


def note(request: Request[Any, Any, Any], *problems: Refusal) -> None:
    """Have the log say why a request was refused."""
    request.scope["refused"] = " ".join(dict.fromkeys(one.code for one in problems))  # type: ignore[typeddict-unknown-key]


def _in_words(request: Request[Any, Any, Any], error: Exception) -> Refusal:
    if isinstance(error, Refusal):
        return error
    if isinstance(error, HTTPException) and (error.status_code < 500 or "disconnected" in error.detail):
        return _framework(request, error)
    if isinstance(error, Outage):
        log.warning("outage", exc_info=error)
        return OutsideFailed()
    if isinstance(error, AWAY):
        log.error("database away", exc_info=error)
        return DatabaseAway()
    if isinstance(error, asyncpg.DataError | OverflowError):
        log.error("value not storable", exc_info=error)
        return NotStorable()
    log.error("unexpected", exc_info=error)
    return Unexpected()


def _framework(request: Request[Any, Any, Any], error: HTTPException) -> Refusal:
    if isinstance(error, MethodNotAllowedException):
        return MethodNotAllowed(method=request.scope["method"])
    if error.status_code == 404:
        return NoSuchRoute()
    if error.status_code == 413:
        return TooLarge(limit=request.app.state.settings.max_body_bytes)
    return NotTaken()
