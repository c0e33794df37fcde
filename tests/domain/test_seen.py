"""Duplicates are found as a set of all addresses would find them; tests/bench looks at the memory."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.seen import Seen


@given(st.lists(st.lists(st.sampled_from([f"{n}@example.com" for n in range(30)]), max_size=6)))
def test_an_address_is_new_only_once(blocks: list[list[str]]) -> None:
    seen, known = Seen(), set[str]()
    for block in blocks:
        are_new = []
        for address in block:
            are_new.append(address not in known)
            known.add(address)
        assert seen.add(block) == are_new


def test_ten_thousand_addresses_are_still_known_when_the_sets_have_grown() -> None:
    addresses = [f"{number}@example.com" for number in range(10_000)]
    seen = Seen()
    assert all(all(seen.add(addresses[start : start + 100])) for start in range(0, 10_000, 100))
    assert not any(seen.add(addresses))
