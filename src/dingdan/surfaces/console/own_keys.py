"""Keys of one's own: every single key of the console, each with another one to press instead."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from dingdan.areas import access, desks
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.pages.doors import act, screen
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.screens import Act, Done, Own

HERE = "/me/keys"
Key = Annotated[str, Meta(max_length=8)]


class KeysForm(Form, frozen=True, kw_only=True):
    """A key for each shortcut, by its name; what is left empty has everybody's."""

    a: Key = ""
    r: Key = ""
    o: Key = ""
    e: Key = ""
    i: Key = ""
    m: Key = ""
    t: Key = ""
    u: Key = ""
    p: Key = ""
    n: Key = ""
    c: Key = ""
    s: Key = ""
    h: Key = ""
    lift: Key = ""
    d: Key = ""
    b: Key = ""
    f: Key = ""
    q: Key = ""
    w: Key = ""
    v: Key = ""
    tags: Key = ""
    x: Key = ""
    j: Key = ""
    k: Key = ""
    before: Key = ""
    after: Key = ""
    y: Key = ""
    filter: Key = ""
    help: Key = ""


@screen(HERE, permission="signed_in")
async def own_keys(tx: Tx, session: access.Session) -> Own:
    """The list of shortcuts, with everybody's key and one's own."""
    chosen = await desks.keys_of(tx, session.actor.id or 0)
    rows: list[dict[str, Any]] = [
        {"name": one.name, "text": one.text, "key": one.key, "own": chosen.get(one.key, "")} for one in desks.SHORTCUTS
    ]
    reset = Act("reset", Text("As they were", "恢复默认"), f"{HERE}/reset")
    return Own(
        title=Text("Keys of your own", "自定义快捷键"), template="own_keys.html",
        data={"rows": rows, "reset": reset if chosen else None},
    )  # fmt: skip


@act(HERE, permission="signed_in", screen=own_keys)
async def choose_keys(tx: Tx, form: KeysForm) -> Done:
    """Press these keys from now on."""
    wanted = {name: str(key) for name, key in msgspec.structs.asdict(form).items() if name != "once"}
    await desks.choose_keys(tx, wanted)
    return Done(text=Text("Keys saved", "快捷键已保存"), to=HERE)


@act(f"{HERE}/reset", permission="signed_in")
async def reset_keys(tx: Tx) -> Done:
    """Press everybody's keys again."""
    await desks.choose_keys(tx, {})
    return Done(text=Text("Keys are as they were", "快捷键已恢复默认"), to=HERE)


ROUTES = [own_keys, choose_keys, reset_keys]
