"""Proofs over the tree (RFC 9162): that an event is in the log, and that a log only grew.

A proof is made of roots of ranges of leaves ``[start, end)``; which ranges, is decided here, and where
their hashes are found, elsewhere. Verifying needs hashes only.
"""

from collections.abc import Sequence

from shared.eventstore.log.tree import node_hash

Range = tuple[int, int]


class BadProof(Exception):
    """A proof does not show what it should."""


def _split(start: int, end: int) -> int:
    """Where RFC 9162 divides a range of more than one leaf: the largest power of two short of all."""
    return start + (1 << ((end - start - 1).bit_length() - 1))


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Return the ranges whose roots prove that leaf `index`, from 0, is in a tree of `size` leaves.

    The lowest comes first (RFC 9162, section 2.1.3.1).
    """
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} in a tree of {size}")
    path: list[Range] = []
    start, end = 0, size
    while end - start > 1:
        middle = _split(start, end)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return path[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """Return the ranges whose roots prove that the first `old` leaves of `new` are a tree of `old` leaves.

    RFC 9162, section 2.1.4.1; empty where nothing grew, or grew from nothing.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves did not grow from one of {old}")
    if old in (0, new):
        return []
    path: list[Range] = []
    start, end, whole = 0, new, True
    while end != old:
        middle = _split(start, end)
        if old <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start, whole = middle, False
    return ([] if whole else [(start, end)]) + path[::-1]


def perfect_parts(start: int, end: int) -> list[Range]:
    """Cut a range of a proof into complete subtrees, from left to right, as the tree keeps them."""
    parts: list[Range] = []
    while start < end:
        width = 1 << ((end - start).bit_length() - 1)
        parts.append((start, start + width))
        start += width
    return parts


def root_of_parts(hashes: Sequence[bytes]) -> bytes:
    """Join the roots of `perfect_parts` into the root of the whole range."""
    node = hashes[-1]
    for left in reversed(hashes[:-1]):
        node = node_hash(left, node)
    return node


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Raise `BadProof` unless `path` shows that `leaf` is at `index` in the tree (section 2.1.3.2).

    `size` and `root` must come from one signed checkpoint.
    """
    if not 0 <= index < size:
        raise BadProof(f"there is no leaf {index} in a tree of {size}")
    node, first, last = leaf, index, size - 1
    for sibling in path:
        if last == 0:
            raise BadProof("the path is too long")
        if first & 1 or first == last:
            node = node_hash(sibling, node)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        first, last = first >> 1, last >> 1
    if last != 0:
        raise BadProof("the path is too short")
    if node != root:
        raise BadProof("the path leads to another root")


def verify_consistency(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> None:
    """Raise `BadProof` unless `path` shows that the log of `new` leaves begins with that of `old`.

    RFC 9162, section 2.1.4.2. Each size must come from the signed checkpoint of its root: the proof
    does not bind them.
    """
    if not 0 < old <= new:
        raise BadProof(f"a tree of {new} leaves did not grow from one of {old}")
    if old == new:
        if path or old_root != new_root:
            raise BadProof("the same size has two roots")
        return
    hashes = list(path) if old & (old - 1) else [old_root, *path]
    if not hashes:
        raise BadProof("the path is too short")
    first, last = old - 1, new - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    before = after = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            raise BadProof("the path is too long")
        if first & 1 or first == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        first, last = first >> 1, last >> 1
    if last != 0:
        raise BadProof("the path is too short")
    if before != old_root:
        raise BadProof("the path does not lead to the old root")
    if after != new_root:
        raise BadProof("the path does not lead to the new root")
