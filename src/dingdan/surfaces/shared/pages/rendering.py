"""Drawing screens: one environment of templates, and the words, marks and numbers that they may use."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jinja2
from markupsafe import Markup

from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Refusal, Text
from dingdan.surfaces.shared import language, looks
from dingdan.surfaces.shared.pages import files, formatting, marks, naming
from dingdan.surfaces.shared.pages.screens import Fuse

HERE = Path(__file__).parent
FOLDERS = (HERE / "templates", HERE.parents[1] / "console" / "templates", HERE.parents[1] / "portal" / "templates")


@cache
def environment() -> jinja2.Environment:
    """The templates of shared parts, console and portal. What is not there is an error, what is put in is escaped."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader([str(folder) for folder in FOLDERS]),
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    made.globals.update(
        t=_t, say=_say, kind=_kind, kind_of=_kind, money=_money, when=_when, when_long=_when_long, day=_day, clock=formatting.clock,
        iso=formatting.iso, count=formatting.count, span=_span, left=_left, asset=files.href, code128=marks.code128, square=marks.square,
        picture_href=looks.picture_href, logo_href=looks.logo_href, sheet_href=looks.sheet_href, in_tongues=naming.in_tongues,
        with_query=_with_query, problem_words=_problem_words, is_late=_is_late, pressed=_pressed,
    )  # fmt: skip
    return made


def draw(template: str, frame: Any, **data: Any) -> str:
    """A page as HTML; `frame` is what every page knows of who looks at it."""
    return environment().get_template(template).render(frame=frame, **data)


@jinja2.pass_context
def _t(context: jinja2.runtime.Context, en: str, zh: str, **params: Any) -> str:
    return language.pick(Text(en, zh).filled(params) if params else Text(en, zh), context["frame"].tongue)


@jinja2.pass_context
def _say(context: jinja2.runtime.Context, words: Any) -> Any:
    return language.pick(words, context["frame"].tongue) if isinstance(words, Text) else words


def _kind(value: Any) -> str:
    return type(value).__name__


@jinja2.pass_context
def _money(context: jinja2.runtime.Context, value: Money, *, signed: bool = False) -> str:
    return formatting.money(value, context["frame"].tongue, signed=signed)


@jinja2.pass_context
def _left(context: jinja2.runtime.Context, value: timedelta) -> str:
    return formatting.left(value, context["frame"].tongue)


@jinja2.pass_context
def _when(context: jinja2.runtime.Context, at: Any) -> Markup:
    frame = context["frame"]
    return _time(at, formatting.short(at, frame.tongue, frame.now), formatting.long(at, frame.tongue))


@jinja2.pass_context
def _when_long(context: jinja2.runtime.Context, at: Any) -> Markup:
    frame = context["frame"]
    return _time(at, formatting.long(at, frame.tongue), formatting.iso(at))


def _time(at: Any, shown: str, title: str) -> Markup:
    return Markup('<time datetime="{}" title="{}">{}</time>').format(formatting.iso(at), title, shown)


@jinja2.pass_context
def _day(context: jinja2.runtime.Context, at: Any) -> str:
    return formatting.day(at, context["frame"].tongue)


@jinja2.pass_context
def _span(context: jinja2.runtime.Context, value: Any) -> str:
    return formatting.span(value, context["frame"].tongue)


def _with_query(path: str, query: Mapping[str, Any], **changes: Any) -> str:
    """An address with its filters, some of them changed; what is empty is left out."""
    asked = {name: value for name, value in {**query, **changes}.items() if value not in (None, "")}
    return f"{path}?{urlencode(asked, doseq=True)}" if asked else path


@jinja2.pass_context
def _problem_words(context: jinja2.runtime.Context, problem: Refusal) -> tuple[str, str]:
    tongue = context["frame"].tongue
    return tuple(language.pick(text.filled(problem.params), tongue) for text in (problem.message, problem.remedy))  # type: ignore[return-value]


def _is_late(fuse: Fuse) -> bool:
    return fuse.look == "over"


@jinja2.pass_context
def _pressed(context: jinja2.runtime.Context, key: str) -> str:
    """What somebody presses for a shortcut: everybody's key, or the one they chose."""
    own: str = context["frame"].own_keys.get(key, key)
    return own
