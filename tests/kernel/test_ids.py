"""Ids: never twice, always rising, and the same whether sent, printed or read aloud."""

import subprocess
import sys
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingdan.kernel.ids import ALPHABET, NODES, PREFIXES, IdSource, decode, encode, spoken

numbers = st.integers(min_value=0, max_value=2**63 - 1)
kinds = st.sampled_from(sorted(PREFIXES))


@given(kinds, numbers)
def test_an_id_reads_back_from_the_wire(kind: str, number: int) -> None:
    assert decode(kind, encode(kind, number)) == number


@given(kinds, numbers)
def test_an_id_reads_back_as_it_was_spoken(kind: str, number: int) -> None:
    assert decode(kind, spoken(number)) == number
    assert decode(kind, spoken(number).lower()) == number


@given(numbers)
def test_letters_that_look_like_digits_are_read_as_digits(number: int) -> None:
    heard = spoken(number).replace("1", "I").replace("0", "O")

    assert decode("order", heard) == number
    assert decode("order", heard.replace("I", "l")) == number


@given(numbers, numbers)
def test_ids_sort_on_the_wire_as_they_do_in_the_database(one: int, other: int) -> None:
    assert (encode("order", one) < encode("order", other)) == (one < other)


def test_an_id_of_another_kind_is_no_id() -> None:
    assert decode("order", encode("refund", 1)) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ord_",
        "ord_123",
        "ord_ZZZZZZZZZZZZZ",
        "ord_0J4Q7W2M9X3K!",
        "ord_0J4Q7W2M9X3KU",
        "0" * 14,
        "0J4Q7-W2M9X",
        "订单",
    ],
)
def test_what_is_no_id_is_refused_quietly(text: str) -> None:
    assert decode("order", text) is None


def test_prefixes_are_told_apart() -> None:
    assert len(set(PREFIXES.values())) == len(PREFIXES)
    assert not set("ILOU") & set(ALPHABET)


@given(st.integers(min_value=0, max_value=5 * NODES), st.lists(st.integers(min_value=1, max_value=3000), max_size=5))
def test_ids_of_a_source_rise(node: int, counts: list[int]) -> None:
    source = IdSource(node)

    minted = [number for count in counts for number in source.mint_many(count)] + [source.mint()]

    assert minted == sorted(set(minted))
    assert minted[-1] < 2**63


def test_two_nodes_never_mint_the_same() -> None:
    one, other = IdSource(1), IdSource(2)

    assert not set(one.mint_many(20_000)) & set(other.mint_many(20_000))


def test_threads_of_one_process_never_mint_the_same() -> None:
    source, minted = IdSource(7), []
    barrier = threading.Barrier(8)

    def mint() -> None:
        barrier.wait()
        minted.extend([source.mint() for _ in range(2_000)] + source.mint_many(2_000))

    threads = [threading.Thread(target=mint) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(minted)) == len(minted) == 8 * 4_000


def test_two_processes_with_their_own_nodes_never_mint_the_same() -> None:
    code = "import sys; from dingdan.kernel.ids import IdSource; print(*IdSource(int(sys.argv[1])).mint_many(5000))"
    running = [
        subprocess.Popen([sys.executable, "-c", code, node], stdout=subprocess.PIPE, text=True) for node in ("1", "2")
    ]

    one, other = ({int(word) for word in process.communicate()[0].split()} for process in running)

    assert len(one) == len(other) == 5_000
    assert not one & other
