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


def hashes(ranges: list[tuple[int, int]], leaves: list[bytes] = LEAVES) -> list[bytes]:
    joined = []
    for start, end in ranges:
        parts = perfect_parts(start, end)
        assert all((b - a).bit_count() == 1 and a % (b - a) == 0 for a, b in parts), "complete subtrees"
        joined.append(root_of_parts([naive_root(leaves[a:b]) for a, b in parts]))
    return joined


# The reference tree of Certificate Transparency: leaves, roots and proofs as they stand in the tests of its
# first implementation in C++, and in transparency-dev/merkle (testonly) since.
CT_LEAVES = [
    hashlib.sha256(b"\x00" + bytes.fromhex(leaf)).digest()
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
CT_INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CT_CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
    (6, 7): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}

sizes = st.integers(1, len(LEAVES))


def test_the_reference_tree_has_its_roots() -> None:
    edge = Edge()
    for leaf, root in zip(CT_LEAVES, CT_ROOTS, strict=True):
        edge.append(leaf)
        assert edge.root().hex() == root


@pytest.mark.parametrize("place", CT_INCLUSION)
def test_the_reference_inclusion_proofs_are_made_and_accepted(place: tuple[int, int]) -> None:
    index, size = place
    path = hashes(inclusion_ranges(index, size), CT_LEAVES)
    assert [node.hex() for node in path] == CT_INCLUSION[place]
    verify_inclusion(CT_LEAVES[index], index, size, path, bytes.fromhex(CT_ROOTS[size - 1]))


@pytest.mark.parametrize("sizes", CT_CONSISTENCY)
def test_the_reference_consistency_proofs_are_made_and_accepted(sizes: tuple[int, int]) -> None:
    old, new = sizes
    path = hashes(consistency_ranges(old, new), CT_LEAVES)
    assert [node.hex() for node in path] == CT_CONSISTENCY[sizes]
    verify_consistency(old, bytes.fromhex(CT_ROOTS[old - 1]), new, bytes.fromhex(CT_ROOTS[new - 1]), path)


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
