"""A form does something once, however often it is sent; of a secret it is kept that it was shown, and nothing else."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec

from dingdan.kernel.refusal import Kind, Refusal, Text
from dingdan.plumbing import idempotency
from dingdan.plumbing.doing import within
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.doors import AnyRequest
from dingdan.surfaces.shared.pages.forms import Given
from dingdan.surfaces.shared.pages.screens import Done

T = TypeVar("T")


class AlreadyDone(Refusal):
    """A form that shows something once was sent before, and what it showed is kept nowhere."""

    code = "page.already_done"
    kind = Kind.CONFLICT
    message = Text(
        "This form was sent before and has done its work; what it showed is shown once.",
        "该表单此前已提交并执行，其结果仅显示一次。",
    )
    remedy = Text(
        "Load the page anew to see what was made. If nobody copied a key, a secret or a link, replace it there.",
        "请刷新页面查看已生成的内容；如密钥或链接未及时复制，请在该处重新生成。",
    )


async def once(request: AnyRequest, sent: Given, body: Callable[[Tx], Awaitable[Done]], *, name: str) -> Done:
    """Act once for the word of a form: whoever sends it again is answered the same. A form without a word acts each time."""
    if not _word(sent):
        return await within(request.app.state.db, request.user, body, name=name)
    typed = msgspec.json.encode({name: values for name, values in sorted(sent.words.items()) if name != "once"})
    files = b"".join(one.content for one in sent.files)
    kept = await idempotency.once(
        request.app.state.db,
        request.user,
        _key(request, sent, typed + files),
        body,
        lambda done: idempotency.Answer(200, msgspec.json.encode(done), None),
        name=name,
    )
    return msgspec.json.decode(kept.body or b"", type=Done)


async def once_unkept(request: AnyRequest, sent: Given, body: Callable[[Tx], Awaitable[T]], *, name: str) -> T:
    """Act once for the word of a form that shows a secret or brings one. Raises AlreadyDone, whatever is typed by then."""
    if not _word(sent):
        return await within(request.app.state.db, request.user, body, name=name)
    made = await idempotency.once_unkept(request.app.state.db, request.user, _key(request, sent, b""), body, name=name)
    if made is None:
        raise AlreadyDone
    return made


def _word(sent: Given) -> str:
    return sent.words.get("once", [""])[0]


def _key(request: AnyRequest, sent: Given, typed: bytes) -> idempotency.Key:
    return idempotency.key_of(
        request.user.id or 0, f"page-{_word(sent)}", method="POST", path=request.scope["path"], body=typed
    )
