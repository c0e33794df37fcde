"""Duplicates are found as a set of all addresses would find them; tests/bench looks at the memory."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.seen import Seen

BLOCKS = st.lists(st.lists(st.sampled_from([f"{n}@example.com" for n in range(30)]), min_size=1, max_size=4))


@given(BLOCKS)
def test_addresses_all_at_once_are_remembered_only_where_all_are_new(blocks: list[list[str]]) -> None:
    seen, known = Seen(), set[str]()
    for block in blocks:
        is_new = len(set(block)) == len(block) and known.isdisjoint(block)
        assert seen.add_all(block) == is_new
        known.update(block if is_new else [])


@given(BLOCKS)
def test_one_address_is_remembered_as_many_are(blocks: list[list[str]]) -> None:
    seen, known = Seen(), set[str]()
    for block in blocks:
        for address in block:
            assert seen.add(address) == (address not in known)
            known.add(address)
        assert not seen.add_all(block)


def test_ten_thousand_addresses_are_still_known_when_the_sets_have_grown() -> None:
    addresses = [f"{number}@example.com" for number in range(10_000)]
    seen = Seen()
    assert all(seen.add_all(addresses[start : start + 100]) for start in range(0, 10_000, 100))
    assert not any(map(seen.add, addresses))
