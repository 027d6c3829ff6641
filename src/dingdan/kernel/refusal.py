"""Refusals: every expected "no", with a code, the place it is about, and what to do about it."""

from collections.abc import Sequence
from enum import Enum
from typing import Any, ClassVar, Literal, Self

import msgspec


class Kind(Enum):
    """What sort of no it is; doors turn it into an HTTP status."""

    INVALID = 422
    UNAUTHENTICATED = 401
    FORBIDDEN = 403
    NOT_FOUND = 404
    CONFLICT = 409
    GONE = 410
    TOO_LARGE = 413
    BUSY = 503


class Text(msgspec.Struct, frozen=True):
    """The same words in English and Chinese; both may name params in braces."""

    en: str
    zh: str

    def filled(self, params: dict[str, Any]) -> "Text":
        """The words with their params put in."""
        return Text(self.en.format_map(_Params(params)), self.zh.format_map(_Params(params)))


class _Params(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


class Operation(msgspec.Struct, frozen=True, omit_defaults=True):
    """One operation of a JSON Patch (RFC 6902) against the body of the request; `path` is a JSON pointer."""

    op: Literal["add", "remove", "replace"]
    path: str
    value: Any = msgspec.UNSET


class Action(msgspec.Struct, frozen=True):
    """A request that can be made as it stands, where the first one alone cannot be cured."""

    method: Literal["POST", "PUT"]
    href: str
    body: dict[str, Any]


class Solution(msgspec.Struct, frozen=True):
    """A way out of a problem, ready to be taken: a patch of the request, or an action. Exactly one of the two."""

    kind: str
    label: Text
    patch: tuple[Operation, ...] | None = None
    action: Action | None = None
    params: dict[str, Any] = {}

    def __post_init__(self) -> None:
        assert (self.patch is None) != (self.action is None), "a patch or an action"


REGISTRY: dict[str, type["Refusal"]] = {}


class Refusal(Exception):
    """The base of every expected no. A subclass says code, kind, message and remedy once, in both languages.

    `path` is the JSON path of what is wrong in the request ("lines[2].quantity"); "" means the whole of it.
    `solutions` are ways out that are ready to be taken, best first.
    """

    code: ClassVar[str]
    kind: ClassVar[Kind]
    message: ClassVar[Text]
    remedy: ClassVar[Text]

    def __init__(self, path: str = "", **params: Any) -> None:
        super().__init__(self.code)
        self.path = path
        self.params = params
        self.solutions: tuple[Solution, ...] = ()

    def __init_subclass__(cls) -> None:
        if "code" in cls.__dict__:
            known = REGISTRY.setdefault(cls.code, cls)
            assert known is cls or known.__qualname__ == cls.__qualname__, f"two refusals share {cls.code}"

    @property
    def problems(self) -> tuple["Refusal", ...]:
        """All that is wrong; a single refusal is its own only problem."""
        return (self,)

    def at(self, prefix: str) -> "Refusal":
        """The same refusal with its path put below another one."""
        joined = ".".join(part for part in (prefix, self.path) if part)
        return type(self)(joined.replace(".[", "["), **self.params).with_solutions(*self.solutions)

    def with_solutions(self, *solutions: Solution) -> Self:
        """The same refusal, offering these ways out."""
        self.solutions = solutions
        return self


class Refusals(Refusal):
    """Several problems of one request, answered together; the first one's kind leads."""

    code = "request.problems"
    kind = Kind.INVALID
    message = Text("{count} things are wrong with this request.", "该请求有 {count} 处问题。")
    remedy = Text("Mend every problem listed and send it again.", "请逐项修正后重新提交。")

    def __init__(self, problems: Sequence[Refusal]) -> None:
        super().__init__(count=len(problems))
        self._problems = tuple(problems)

    @property
    def problems(self) -> tuple[Refusal, ...]:
        return self._problems

    def at(self, prefix: str) -> "Refusal":
        return Refusals([problem.at(prefix) for problem in self._problems])


def refuse_all(problems: Sequence[Refusal]) -> None:
    """Raise what was found: nothing, the one refusal, or all of them together."""
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise Refusals(problems)
