"""Proofs against a naive implementation straight from the RFC's definitions."""

import hashlib
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.eventstore.log.proof import (
    BadProof,
    consistency_ranges,
    inclusion_ranges,
    perfect_parts,
    root_of_parts,
    verify_consistency,
    verify_inclusion,
)
from shared.eventstore.log.tree import Edge

LEAVES = [hashlib.sha256(b"\x00" + str(number).encode()).digest() for number in range(300)]


def naive_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162, section 2.1.1, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_inclusion(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of section 2.1.3.1, word for word."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*naive_inclusion(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_inclusion(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_consistency(m: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF of section 2.1.4.1, word for word."""
    if m == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return [*naive_consistency(m, leaves[:k], whole), naive_root(leaves[k:])]
    return [*naive_consistency(m - k, leaves[k:], False), naive_root(leaves[:k])]


def hashes(ranges: list[tuple[int, int]]) -> list[bytes]:
    joined = []
    for start, end in ranges:
        parts = perfect_parts(start, end)
        assert all((b - a).bit_count() == 1 and a % (b - a) == 0 for a, b in parts), "complete subtrees"
        joined.append(root_of_parts([naive_root(LEAVES[a:b]) for a, b in parts]))
    return joined


sizes = st.integers(1, len(LEAVES))


@given(size=sizes, data=st.data())
def test_inclusion_is_the_path_of_the_rfc(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    path = hashes(inclusion_ranges(index, size))
    assert path == naive_inclusion(index, LEAVES[:size])
    verify_inclusion(LEAVES[index], index, size, path, naive_root(LEAVES[:size]))


@given(new=sizes, data=st.data())
def test_consistency_is_the_path_of_the_rfc(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    path = hashes(consistency_ranges(old, new))
    assert path == naive_consistency(old, LEAVES[:new])
    verify_consistency(old, naive_root(LEAVES[:old]), new, naive_root(LEAVES[:new]), path)


@settings(max_examples=60)
@given(size=sizes)
def test_the_edge_has_the_root_of_the_rfc(size: int) -> None:
    edge = Edge()
    for leaf in LEAVES[:size]:
        edge.append(leaf)
    assert edge.root() == naive_root(LEAVES[:size])


def test_no_mutated_proof_is_accepted() -> None:
    """100,000 mutations of leaves, indexes, paths and roots. (Checkpoints bind the sizes, proofs do not.)"""
    chance = random.Random(298)
    for _ in range(50_000):
        new = chance.randint(2, 20)
        old, index = chance.randint(1, new), chance.randrange(new)
        leaves = LEAVES[:new]
        inclusion = [LEAVES[index], index, new, naive_inclusion(index, leaves), naive_root(leaves)]
        with pytest.raises(BadProof):
            verify_inclusion(*_mutated(inclusion, (0, 1, 3, 4), chance))  # type: ignore[arg-type]  # mixed on purpose
        consistency = [old, naive_root(leaves[:old]), new, naive_root(leaves), naive_consistency(old, leaves)]
        with pytest.raises(BadProof):
            verify_consistency(*_mutated(consistency, (1, 3, 4), chance))  # type: ignore[arg-type]  # mixed on purpose


def _mutated(arguments: list[object], places: tuple[int, ...], chance: random.Random) -> list[object]:
    """Change one of the arguments into another value: a bit, a number, a step more, less or elsewhere."""
    changed = list(arguments)
    place = chance.choice(places)
    value = changed[place]
    if isinstance(value, bytes):
        changed[place] = _flipped(value, chance)
    elif isinstance(value, list):
        changed[place] = _mutated_path(value, chance)
    else:
        changed[place] = chance.choice([n for n in range(-1, 22) if n != value])
    return changed


def _mutated_path(path: list[bytes], chance: random.Random) -> list[bytes]:
    kind = chance.randrange(3) if path else 0
    at = chance.randrange(len(path) + 1)
    if kind == 0:
        return [*path[:at], chance.choice(LEAVES), *path[at:]]
    at = min(at, len(path) - 1)
    return [*path[:at], *([] if kind == 1 else [_flipped(path[at], chance)]), *path[at + 1 :]]


def _flipped(value: bytes, chance: random.Random) -> bytes:
    bit = chance.randrange(len(value) * 8)
    return bytes(byte ^ (1 << (bit % 8)) if n == bit // 8 else byte for n, byte in enumerate(value))
