"""Whether a name and number can be those of a Chinese identity card (GB 11643), as customs ask for them."""

import re
from datetime import date

from dingdan.areas.addresses.model import Flaw, Identity

_FORM = re.compile(r"([1-9]\d)\d{4}(\d{4})(\d{2})(\d{2})\d{3}[\dX]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
# The first two digits: the province; 83 is for people from Taiwan who live on the mainland.
_PROVINCES = re.compile("1[1-5]|2[123]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123]")
_HAN_NAME = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]{2,25}(?:[·•][\u3400-\u9fff]{1,25}){0,4}")
_LATIN_NAME = re.compile(r"[^\W\d_]+(?:[ .'-]+[^\W\d_]+){1,6}\.?")
_TITLE = re.compile(r"(先生|女士|小姐|太太|老师|同学|阿姨|叔叔|老板|经理|客服|前台|门卫|公司)$")


def flaws_of(identity: Identity | None) -> list[Flaw]:
    """What is wrong with whose goods cross the border; the number is never repeated in what is said about it."""
    name, number = (identity.name.strip(), plain_number(identity.number)) if identity else ("", "")
    found = []
    if not name:
        found.append(Flaw("identity.name", "missing"))
    elif not is_real_name(name):
        found.append(Flaw("identity.name", "unreal"))
    if not number:
        found.append(Flaw("identity.number", "missing"))
    elif reason := _what_is_wrong(number):
        found.append(Flaw("identity.number", "malformed", None, {"reason": reason[0], "reason_zh": reason[1]}))
    return found


def plain_number(said: str) -> str:
    """The number without blanks and with a capital X."""
    return "".join(said.split()).upper()


def is_real_name(name: str) -> bool:
    """Whether this can stand on an identity card: no title, no digits, not one character alone."""
    is_name = _HAN_NAME.fullmatch(name) or _LATIN_NAME.fullmatch(name)
    return is_name is not None and not _TITLE.search(name)


def _what_is_wrong(number: str) -> tuple[str, str] | None:
    form = _FORM.fullmatch(number)
    if form is None or not number.isascii():
        return "it has 18 digits, of which the last may be X", "应为 18 位，末位可为 X"
    if not _PROVINCES.fullmatch(form[1]):
        return "no province has its first digits", "前两位不是省级代码"
    try:
        date(int(form[2]), int(form[3]), int(form[4]))
    except ValueError:
        return "the day of birth in it does not exist", "其中的出生日期不存在"
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    if _CHECKS[total % 11] != number[-1]:
        return "a digit is mistyped, its check digit does not fit", "校验码不符，可能输错了一位"
    return None
