"""What the tidy tests look for: each check reads one file and says where it is not as we write."""

import ast
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tests.architecture.source import File
from tests.architecture.states import state_columns

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Finding(NamedTuple):
    """Something that is not as we write: where, and what to do about it."""

    where: str
    what: str

    @property
    def file(self) -> str:
        """The file alone."""
        return self.where.partition(":")[0]


Check = Callable[[File], Iterator[Finding]]

FUNCTION_LINES, FILE_LINES, AREA_FILES, POSITIONAL, MEMBERS = 60, 400, 25, 5, 9

# The house vocabulary: besides gerunds (commands) these are the files that an area may have, and each means the
# same everywhere.
AREA_WORDS = {
    "__init__", "model", "lifecycle", "rules", "refusals", "events", "tables", "store", "reading", "jobs", "promises",
    # One area's own table of something, named after what it lists.
    "chart", "permissions", "occasions",
    # What a channel hands over at once.
    # What a channel hands over at once.
    "intake",
    # A family of parts of a policy.
    "back_parts",
}  # fmt: skip
AREA_FOLDERS = {"rules", "store", "providers", "carriers", "senders", "templates", "packs"}
EMPTY_WORDS = {
    "util", "utils", "helper", "helpers", "service", "services", "manager", "managers", "common", "misc", "base", "lib",
}  # fmt: skip

MONEY = ("areas/pricing/", "areas/refunds/", "areas/ledger/", "kernel/money.py")
CLOCKS = ("plumbing/", "cli/", "kernel/ids.py")
# The runner of reactions is a pipe that stands next to the table it runs.
STATEMENTS = ("overviews/", "plumbing/", "migrations/", "reactions/runner.py")
PUBLIC = ("areas/", "kernel/", "overviews/", "plumbing/", "reactions/")
# Bases that promise nothing: a method below any other base may be told about there.
BARE_BASES = {"msgspec.Struct", "Struct", "StrEnum", "Enum", "Generic", "Protocol", "NamedTuple", "Exception"}

_SQL = re.compile(
    r"\s*(SELECT\s|INSERT\s+INTO\s|UPDATE\s+\S+\s|DELETE\s+FROM\s|WITH\s+\w+.*\sAS\s|LOCK\s+TABLE\s|TRUNCATE\s|NOTIFY\s)"
)
_UPDATE = re.compile(
    r"\bUPDATE\s+(?:ONLY\s+)?(\w+)(?:\s+(?:AS\s+)?\w+)?\s+SET\s(.*?)(?=\bWHERE\b|\bFROM\b|\bRETURNING\b|$)", re.S
)
# In halves, so that this file does not find itself.
_LOOSE = re.compile(r"#.*\b(TO" + r"DO|FIX" + r"ME|X" + r"XX|HA" + r"CK)\b|\braise NotImplemented" + r"Error\b")
_ASSIGNED = re.compile(r"(?:^|,)\s*\(?\s*(\w+)\s*(?==|,|\))")


def file_names(file: File) -> Iterator[Finding]:
    """Every file has a word of the house vocabulary for a name."""
    if EMPTY_WORDS & set(file.stem.split("_")):
        yield Finding(file.name, "says nothing about what is in it; name it after its subject")
    if not file.area:
        return
    inside = file.name.split("/")[2:]
    if len(inside) > 1 and inside[0] not in AREA_FOLDERS:
        yield Finding(file.name, f"folders of an area are {', '.join(sorted(AREA_FOLDERS))}")
    if len(inside) == 1 and file.stem not in AREA_WORDS and not file.stem.split("_")[0].endswith("ing"):
        yield Finding(file.name, "commands stand in gerunds (cancelling.py); other words: STYLE.md 1")


def opening_sentences(file: File) -> Iterator[Finding]:
    """Every file opens with one sentence, three lines at most."""
    if not file.text.strip() and file.stem == "__init__":
        return
    opening = ast.get_docstring(file.tree, clean=False)
    if opening is None:
        yield Finding(file.name, "has no docstring; say in one sentence what it holds")
    elif len(opening.strip().splitlines()) > 3:
        yield Finding(
            file.name, "opens with more than three lines; keep the sentence, move the rest to where it is needed"
        )
    elif (
        not opening.strip().splitlines()[0].rstrip().endswith((".", "?", ":", ";", ",")) and "\n" not in opening.strip()
    ):
        yield Finding(file.name, "opens with half a sentence; end it with a stop")


def sizes(file: File) -> Iterator[Finding]:
    """Functions fit on a screen, files on a few."""
    if file.is_in("migrations/versions/"):  # As Alembic wrote it.
        return
    lines = len(file.text.splitlines())
    if lines > FILE_LINES:
        yield Finding(file.name, f"{lines} lines; at most {FILE_LINES}: has a second subject moved in?")
    for function in _functions(file):
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        if length > FUNCTION_LINES:
            yield _at(file, function, f"{length} lines; at most {FUNCTION_LINES}: give its beats names of their own")


def positional_arguments(file: File) -> Iterator[Finding]:
    """At most five positional arguments; the others are named by the caller."""
    for function in _functions(file):
        names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
        given = len([name for name in names if name not in ("self", "cls")])
        if given > POSITIONAL:
            yield _at(file, function, f"{given} positional arguments; put a * before what should be named")


def docstrings(file: File) -> Iterator[Finding]:
    """Whatever others may call says what it does, in words, not in a table of arguments."""
    if not file.is_in(*PUBLIC):
        return
    for node in _public(file):
        text = ast.get_docstring(node)
        if text is None:
            yield _at(file, node, "has no docstring; say what it promises (units, refusals, source of a legal rule)")
        elif re.search(r"^\s*(Args|Arguments|Parameters|Returns):\s*$|^\s*:param\b", text, re.M):
            yield _at(file, node, "repeats its signature in the docstring; keep the sentence only")


def whole_numbers_of_money(file: File) -> Iterator[Finding]:
    """Where money is counted nothing is ever a fraction."""
    if not file.is_in(*MONEY):
        return
    for node in ast.walk(file.tree):
        is_division = isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)
        is_cast = isinstance(node, ast.Call) and _called(node) in ("float", "round", "Decimal", "decimal.Decimal")
        is_fraction = isinstance(node, ast.Constant) and isinstance(node.value, float)
        if is_division or is_cast or is_fraction:
            yield _at(file, node, "is a fraction; use kernel.money (split, part_of_units, percent) or //")


def one_clock(file: File) -> Iterator[Finding]:
    """Only the pipes and the command line look at a clock; everything else is handed its now."""
    if file.is_in(*CLOCKS):
        return
    clocks = re.compile(r"(datetime\.)?(datetime|date)\.(now|utcnow|today)|time\.time(_ns)?|time\.localtime")
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and clocks.fullmatch(_called(node)):
            yield _at(file, node, "looks at a clock; use tx.now, or take `now` as an argument")


def rules_never_wait(file: File) -> Iterator[Finding]:
    """A rule has nothing to wait for."""
    stems = ("rules", "model", "lifecycle", "refusals", "events")
    is_rule = file.area and (file.stem in stems or "/rules/" in file.name)
    if not (is_rule or file.is_in("kernel/", "areas/pricing/quoting.py")):
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith):
            yield _at(file, node, "waits; let the command load what the rule needs and hand it in")


def statements(file: File) -> Iterator[Finding]:
    """SQL is written in store.py, in overviews and in the pipes."""
    is_home = file.is_in(*STATEMENTS) or file.stem == "store" or "/store/" in file.name
    if is_home or (file.stem == "sandbox" and file.area):
        return
    for text in _texts(file):
        if _SQL.match(_words(text)):
            yield _at(file, text, "is a statement; move it to store.py as a function with a sentence")


def transactions(file: File) -> Iterator[Finding]:
    """One place begins and commits; migrations and the sandbox's own books have connections of their own."""
    if file.is_in("plumbing/database.py", "migrations/", "areas/payments/providers/sandbox/"):
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            verb, owner = node.func.attr, ast.unparse(node.func.value)
            is_ours = verb == "transaction" and "connection" in owner
            if is_ours or verb in ("begin", "begin_nested", "begin_transaction", "commit", "rollback"):
                yield _at(file, node, "begins or ends a transaction; commands run in `do`, jobs and reactions too")


def state_changes(file: File) -> Iterator[Finding]:
    """A state changes by a move of its lifecycle and in no other way."""
    for text in _texts(file):
        for table, assigned in _UPDATE.findall(_words(text)):
            changed = set(_ASSIGNED.findall(assigned)) & state_columns().get(table, frozenset())
            if changed:
                what = f"assigns {table}.{', '.join(sorted(changed))}; use plumbing.lifecycles.move"
                yield _at(file, text, what)


def handlers_see_their_types(file: File) -> Iterator[Finding]:
    """Litestar reads annotations when it runs, so doors import every type for real."""
    if file.is_in("surfaces/"):
        for node in ast.walk(file.tree):
            if isinstance(node, ast.Name | ast.Attribute) and ast.unparse(node).endswith("TYPE_CHECKING"):
                yield _at(file, node, "hides an import from Litestar; import it for real")


def narrow_excepts(file: File) -> Iterator[Finding]:
    """An area knows what it expects; whatever else happens is a bug and ends the transaction."""
    if not file.area:
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else "Exception"
            if re.search(r"\b(Base)?Exception\b", caught):
                yield _at(file, node, "catches everything; catch the Refusal or Outage that you expect")


def small_enums(file: File) -> Iterator[Finding]:
    """One axis, one machine: more than nine states are two axes in one."""
    for node in file.tree.body:
        if file.stem == "lifecycle" and file.area and isinstance(node, ast.ClassDef):
            members = [item for item in node.body if isinstance(item, ast.Assign)]
            if len(members) > MEMBERS:
                yield _at(file, node, f"{len(members)} states; at most {MEMBERS}: split the axes")


def reactions_do_not_decide(file: File) -> Iterator[Finding]:
    """A reaction calls one command; what to do is the area's to decide."""
    if not file.is_in("reactions/") or file.stem in ("__init__", "table", "jobs", "deadlines", "runner"):
        return
    for function in _functions(file):
        for node in ast.walk(function):
            if isinstance(node, ast.If | ast.IfExp | ast.Match | ast.Try | ast.While):
                yield _at(file, node, "decides; let the command ignore what does not concern it")


def loose_ends(file: File) -> Iterator[Finding]:
    """What is not done is an issue, not a remark."""
    for number, line in enumerate(file.text.splitlines(), start=1):
        if _LOOSE.search(line):
            yield Finding(f"{file.name}:{number}", "leaves something for later; do it, or open an issue")


CHECKS: tuple[Check, ...] = (
    file_names,
    opening_sentences,
    sizes,
    positional_arguments,
    docstrings,
    whole_numbers_of_money,
    one_clock,
    rules_never_wait,
    statements,
    transactions,
    state_changes,
    handlers_see_their_types,
    narrow_excepts,
    small_enums,
    reactions_do_not_decide,
    loose_ends,
)


def _functions(file: File) -> Iterator[Function]:
    for node in ast.walk(file.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _public(file: File) -> Iterator[Function | ast.ClassDef]:
    """Functions and classes that others may call, and the methods of those classes."""
    for node in file.tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (
                    item
                    for item in node.body
                    if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)
                    and not item.name.startswith("_")
                    and all(ast.unparse(base).split("[")[0] in BARE_BASES for base in node.bases)
                )


def _called(node: ast.Call) -> str:
    return ast.unparse(node.func)


def _texts(file: File) -> Iterator[ast.Constant | ast.JoinedStr]:
    """Every text of the file that is not a docstring; the pieces of an f-string as one."""
    pieces = {id(part) for node in ast.walk(file.tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    prose = {id(node.value) for node in ast.walk(file.tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(file.tree):
        is_text = isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
        if is_text and id(node) not in prose and (id(node) not in pieces or isinstance(node, ast.JoinedStr)):
            yield node


def _words(text: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(text, ast.Constant):
        return str(text.value)
    return "".join(str(part.value) if isinstance(part, ast.Constant) else " x " for part in text.values)


def _at(file: File, node: ast.AST, what: str) -> Finding:
    """A finding named by the function or class it stands in, which outlives a shift of lines."""
    line = getattr(node, "lineno", 0)
    owner = ""
    for candidate in ast.walk(file.tree):
        is_owner = isinstance(candidate, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if is_owner and candidate.lineno <= line <= (candidate.end_lineno or line):
            owner = candidate.name
    return Finding(f"{file.name}:{owner or line}", f"(line {line}) {what}")
