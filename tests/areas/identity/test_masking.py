"""What those see who may not see all: enough to recognise, not enough to reach (GB/T 41833-2022)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingdan.areas import identity
from dingdan.kernel.address import Address


def contact(name: str = "张三", phone: str = "13812345678", email: str | None = "ann@shop.example",
            detail: str = "文三路 1 号楼 502 室") -> identity.Contact:  # fmt: skip
    """A snapshot, unsealed."""
    home = Address(name, phone, "CN", "杭州市", detail, "浙江省", "西湖区", "310012")
    return identity.Contact(1, 7, 2, "CN", "浙江省", "杭州市", "u-1", name, phone, email, home)


@pytest.mark.requirement("R10.1")
def test_a_masked_contact_keeps_the_region_and_hides_the_person() -> None:
    seen = identity.mask(contact())
    assert (seen.ref, seen.name, seen.phone, seen.email) == ("***", "张*", "138********", "a***@shop.example")
    assert seen.address is not None
    assert (seen.address.province, seen.address.city, seen.address.district) == ("浙江省", "杭州市", "西湖区")
    assert (seen.address.detail, seen.address.postcode) == ("文***", "31***")


@pytest.mark.requirement("R10.1")
@pytest.mark.parametrize(
    ("name", "seen"),
    [("张", "*"), ("张三", "张*"), ("欧阳娜娜", "欧***"), ("阿卜杜热西提·买买提", "阿*********"), ("", "")],
)
def test_names_of_every_length_are_hidden(name: str, seen: str) -> None:
    assert identity.mask(contact(name=name)).name == seen


@pytest.mark.requirement("R10.1")
@pytest.mark.parametrize(
    ("phone", "seen"),
    [
        ("13812345678", "138********"), ("+86 138-1234-5678", "+86 1**-****-****"), ("010-12345678", "010-********"),
        ("+44 20 7946 0958", "+44 2* **** ****"), ("12345", "*****"), ("1234567", "1******"), ("", ""),
        ("1-800-FLOWERS", "*-***-*******"),
    ],
)  # fmt: skip
def test_at_least_six_digits_of_a_phone_are_hidden(phone: str, seen: str) -> None:
    assert identity.mask(contact(phone=phone)).phone == seen


@pytest.mark.requirement("R10.1")
@pytest.mark.parametrize(
    ("detail", "seen"),
    [
        ("中关村南大街甲27号院3单元502", "中关村南大街甲***"), ("221B Baker Street", "***"),
        ("三里屯路", "***"), ("Rose Cottage", "Rose C***"), ("", "***"),
    ],
)  # fmt: skip
def test_the_house_and_the_room_are_hidden(detail: str, seen: str) -> None:
    address = identity.mask(contact(detail=detail)).address
    assert address is not None
    assert address.detail == seen


@given(st.text(max_size=30), st.text(alphabet="0123456789+- ()", max_size=20), st.text(max_size=60))
def test_nothing_typed_by_a_person_is_shown_whole(name: str, phone: str, detail: str) -> None:
    seen = identity.mask(contact(name=name, phone=phone, detail=detail))
    assert seen.address is not None
    assert len(name) < 1 or seen.name != name or set(name) == {"*"}
    assert sum(c.isdigit() for c in seen.phone) <= max(0, sum(c.isdigit() for c in phone) - 6)
    assert len(seen.address.detail) <= len(detail) // 2 + 3


def test_an_erased_contact_has_nothing_to_hide() -> None:
    gone = identity.Contact(1, 7, 2, "CN", "浙江省", "杭州市", is_erased=True)
    assert identity.mask(gone) == gone
    assert identity.mask(contact(email=None)).email is None
    assert identity.mask(contact(email="nonsense")).email == "***"
