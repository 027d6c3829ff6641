"""A tour of the demonstration: a few real tasks for each desk, ticked when their facts are there."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Response

from dingdan.areas import access
from dingdan.kernel.refusal import Text
from dingdan.overviews import done_by
from dingdan.surfaces.console.sign_in import session_of
from dingdan.surfaces.console.tour_tasks import TASKS, Task
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import naming, who
from dingdan.surfaces.shared.pages.doors import itself, shown
from dingdan.surfaces.shared.pages.screens import Chip, Column, Link, Row, Sheet, Table, Two
from dingdan.surfaces.shared.scope import NothingThere

# Which tasks without facts somebody was led to: only their browser remembers that.
LOOKED = "dingdan_looked"
DONE = Chip(Text("Done", "已完成"), "done")


@itself("GET", "/tour", permission="signed_in")
async def tour(ask: Ask) -> Response[Any]:
    """What to try first at one's desk."""
    session = session_of(ask.request)
    tasks, looked = _of(session), _looked(ask)
    async with ask.db.reading(ask.actor) as tx:
        made = await done_by.wires(tx, session.actor.id or 0, {wire for task in tasks for wire in task.wires})
        told = await done_by.told(tx, {task.about[0] for task in tasks if task.about})
        now = tx.now
    done = [bool(made & set(task.wires)) or task.code in looked for task in tasks]
    rows = [
        Row(str(n), to, {"task": Two(Link(to, task.text), task.how), "stands": DONE if is_done else None})
        for n, (task, to, is_done) in enumerate(zip(tasks, [_way(task, told) for task in tasks], done, strict=True))
    ]  # fmt: skip
    return shown(ask.request, Sheet(
        title=Text("What to try first", "从这里开始"), kind=Text("Tour of your desk", "岗位导览"),
        lead=Text(f"{sum(done)} of {len(tasks)} done", f"已完成 {sum(done)} / {len(tasks)}"),
        main=[Table(
            Text("Tasks", "任务"), [Column("task", Text("Task", "任务")), Column("stands", Text("Stands", "状态"))], rows,
            Text("There is nothing to try for your role yet.", "您的角色暂无导览任务。"),
        )],
    ), now)  # fmt: skip


@itself("GET", "/tour/{code}", permission="signed_in")
async def look(ask: Ask, code: str) -> Response[None]:
    """Lead somebody to what is only to be looked at, and remember that. Raises NothingThere."""
    task = next((one for one in _of(session_of(ask.request)) if one.code == code), None)
    if task is None:
        raise NothingThere("path.code")
    async with ask.db.reading(ask.actor) as tx:
        to = _place(task, await done_by.told(tx, {task.about[0]} if task.about else ()))
    answer: Response[None] = Response(None, status_code=303, headers={"Location": to})
    words = ".".join(sorted(_looked(ask) | {code}))
    answer.set_cookie(who.cookie(ask.request, LOOKED, words, path="/tour", seconds=who.YEAR))
    return answer


def _of(session: access.Session) -> list[Task]:
    """The tasks of all one's roles, each once."""
    return list(dict.fromkeys(task for role in session.roles for task in TASKS.get(role, ())))


def _looked(ask: Ask) -> set[str]:
    known = {task.code for tasks in TASKS.values() for task in tasks if task.code}
    return known & set(ask.request.cookies.get(LOOKED, "").split("."))


def _way(task: Task, told: Mapping[tuple[str, str], int]) -> str:
    return f"/tour/{task.code}" if task.code else _place(task, told)


def _place(task: Task, told: Mapping[tuple[str, str], int]) -> str:
    """Where a task begins: in a queue with its case open, where that is there."""
    number = told.get(task.about) if task.about else None
    if number is None or task.about is None or not task.href.startswith("/q/"):
        return task.href
    return f"{task.href}{'&' if '?' in task.href else '?'}open={naming.ref(task.about[1], number)}"


ROUTES: Sequence[Any] = [tour, look]
