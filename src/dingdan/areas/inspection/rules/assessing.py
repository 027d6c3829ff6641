"""What answers to checks come to, compared with what was packed: by the recipe, not by who looks."""

from collections.abc import Collection, Sequence
from zlib import crc32

from msgspec.structs import replace

from dingdan.areas.inspection.model import Assessed, InspectedLine, PackedOut
from dingdan.areas.inspection.refusals import (
    ChecksMissing,
    CheckUnknown,
    DetailUnfit,
    FindingsContradict,
    SerialsMissing,
)
from dingdan.areas.policies import Inspection, Recipe
from dingdan.kernel.money import MAX_AMOUNT
from dingdan.kernel.refusal import Refusal

# Reasons why a second person looks.
SAMPLE, VALUE, WEIGHT = "sample", "value", "weight"
# The only reason that is ours alone, not the policy's: signs of abuse. It gives way to the law's clock.
WATCHED = "watched"
MAX_TEXT, MAX_PARTS, MAX_GRAMS = 200, 50, 1_000_000_000
# Without these the thing is not whole; a gift is deducted instead, and an invoice is written anew.
PARTS = frozenset({"accessory", "manual"})


def assess(
    line: InspectedLine, recipe: Recipe, packed: PackedOut, *, is_strict: bool
) -> tuple[Assessed, list[Refusal]]:
    """An entry with `is_original`, `intact` and tags as its checks say, or everything that is wrong with it."""
    problems = _details(line)
    if line.checks is None:
        if is_strict or line.is_original is None or line.intact is None:
            codes = ", ".join(check.code for check in recipe.checks)
            problems.append(ChecksMissing("checks", missing=codes))
        found = tuple(_deviations(line, recipe, packed))
        if line.is_original and "serial" in found:
            problems.append(FindingsContradict("is_original", found="serial", said="true"))
        return Assessed(replace(line, tags=_tags(line, recipe)), found), problems
    problems += _answers(line.checks, recipe)
    if packed.serials and len(set(line.serials)) != line.quantity:
        problems.append(SerialsMissing("serials", sku=packed.sku, wanted=line.quantity, read=len(set(line.serials))))
    if problems:
        return Assessed(line), problems
    failed = [check for check in recipe.checks if not line.checks[check.code]]
    deviations = tuple(_deviations(line, recipe, packed))
    lost = [check.code for check in failed if check.if_not == "not_original"] + [d for d in deviations if d == "serial"]
    spoilt = [check.code for check in failed if check.if_not == "not_intact"]
    spoilt += [part.what for part in line.missing if part.what in PARTS]
    is_original, intact = not lost, not spoilt
    for field, said, is_so, why in (
        ("is_original", line.is_original, is_original, lost),
        ("intact", line.intact, intact, spoilt),
    ):
        if said is not None and said != is_so:
            problems.append(FindingsContradict(field, found=", ".join(why) or "all checks", said=str(said).lower()))
    if line.grade == "A" and (failed or line.missing):
        worse = [check.code for check in failed] + [part.what for part in line.missing]
        problems.append(FindingsContradict("grade", found=", ".join(worse), said="A"))
    whole = replace(line, is_original=is_original, intact=intact, tags=_tags(line, recipe))
    return Assessed(whole, (*(check.code for check in failed), *deviations)), problems


def why_second(terms: Inspection, return_id: int, value: int, deviations: Collection[str]) -> tuple[str, ...]:
    """Why a second person is to look: the sample, the value, or a weight that nobody can explain.

    The sample is drawn by the return's own number, so that the same return always gets the same answer.
    """
    if not terms.second_per_thousand and terms.second_above is None:
        return ()
    found = []
    if crc32(str(return_id).encode()) % 1000 < terms.second_per_thousand:
        found.append(SAMPLE)
    if terms.second_above is not None and value >= terms.second_above:
        found.append(VALUE)
    if WEIGHT in deviations:
        found.append(WEIGHT)
    return tuple(found)


def do_agree(first: Sequence[InspectedLine], second: Sequence[InspectedLine]) -> bool:
    """Whether two looks come to the same for money and goods."""

    def gist(lines: Sequence[InspectedLine]) -> list[tuple[object, ...]]:
        return sorted((n.line_no, n.quantity, bool(n.is_original), bool(n.intact), n.grade) for n in lines)

    return gist(first) == gist(second)


def _answers(checks: dict[str, bool], recipe: Recipe) -> list[Refusal]:
    known = [check.code for check in recipe.checks]
    missing = [code for code in known if code not in checks]
    problems: list[Refusal] = [
        CheckUnknown("checks", recipe=recipe.code, check=code[:64], known=", ".join(known))
        for code in checks if code not in known
    ]  # fmt: skip
    return problems + ([ChecksMissing("checks", missing=", ".join(missing))] if missing else [])


def _deviations(line: InspectedLine, recipe: Recipe, packed: PackedOut) -> list[str]:
    found = []
    if line.serials and packed.serials and not packed.serials.issuperset(line.serials):
        found.append("serial")
    expected = packed.grams * line.quantity
    if line.grams is not None and expected and abs(line.grams - expected) * 100 > expected * recipe.weight_percent:
        found.append(WEIGHT)
    return found


def _tags(line: InspectedLine, recipe: Recipe) -> tuple[str, ...]:
    failed = {
        check.tag for check in recipe.checks if line.checks and not line.checks.get(check.code, True) and check.tag
    }
    failed |= {"incomplete" for part in line.missing if part.what in PARTS}
    return tuple(sorted(failed))


def _details(line: InspectedLine) -> list[Refusal]:
    wrong = []
    if line.grams is not None and not 0 < line.grams <= MAX_GRAMS:
        wrong.append("grams")
    if len(line.serials) > line.quantity or any(not _is_fit(serial) for serial in line.serials):
        wrong.append("serials")
    if len(line.missing) > MAX_PARTS or any(
        not _is_fit(part.name) or not 0 <= part.value <= MAX_AMOUNT for part in line.missing
    ):
        wrong.append("missing")
    return [DetailUnfit(field, field=field) for field in wrong]


def _is_fit(text: str) -> bool:
    return 0 < len(text) <= MAX_TEXT and "\0" not in text
