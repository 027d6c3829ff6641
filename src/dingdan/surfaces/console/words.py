"""Words that several desks say in the same way."""

from typing import Any

from dingdan.areas import cases
from dingdan.kernel.refusal import Text


def said(*items: tuple[Text, Any]) -> list[tuple[Text, Any]]:
    """Words and their values, those that have one."""
    return [item for item in items if item[1] is not None]


def of_case(kind: cases.CaseKind) -> Text:
    """What a kind of trouble is called."""
    return Text(kind.document.title.en, kind.document.title.zh)
