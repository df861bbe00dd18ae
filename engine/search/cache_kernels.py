"""Kernels of the evaluation cache: hashing, open addressing and copying rows of a CSR."""

import numpy as np

from engine.compiled import inline, kernel

_MIX1, _MIX2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S29, _S32 = np.uint64(29), np.uint64(32)


@inline
def _mixed(x, word):
    """`x` with another word in it: a bijection of either for a given other."""
    x = (x ^ word) * _MIX1
    return x ^ (x >> _S32)


@kernel
def hash_rows(words, offsets, actions, seed, keys):
    """Fill `keys` uint64 [B] with a hash of each row of `words` uint64 [B, W], its actions and `seed`.

    Four values run side by side, because one alone would wait for its own multiplications. Rows that differ in one word
    never collide: every step is a bijection. The finish is that of SplitMix64 (Steele et al. 2014).
    """
    width = words.shape[1]
    whole = width - width % 4
    for row in range(len(keys)):
        a, b, c, d = seed, seed ^ _MIX1, seed ^ _MIX2, ~seed
        for w in range(0, whole, 4):
            a = _mixed(a, words[row, w])
            b = _mixed(b, words[row, w + 1])
            c = _mixed(c, words[row, w + 2])
            d = _mixed(d, words[row, w + 3])
        x = _mixed(_mixed(_mixed(a, b), c), d)
        for w in range(whole, width):
            x = _mixed(x, words[row, w])
        for e in range(offsets[row], offsets[row + 1]):
            x = _mixed(x, np.uint64(actions[e]))
        x = (x ^ (x >> _S29)) * _MIX2
        keys[row] = x ^ (x >> _S32)


@inline
def _place(table, keys, counts, key, count):
    """The entry with this key and count, or -1 - the free place of `table` where it would stand.

    `table` int32 [a power of two] holds entry + 1, or 0 where it is free; it is never more than half full.
    """
    mask = len(table) - 1
    at = np.int64(key & np.uint64(mask))
    while True:
        entry = table[at] - 1
        if entry < 0:
            return -1 - at
        if keys[entry] == key and counts[entry] == count:
            return np.int64(entry)
        at = (at + 1) & mask


@kernel
def find_entries(wanted_keys, wanted_counts, table, keys, counts, entries):
    """Fill `entries` int64 [B]: the entry of each wanted key, or -1."""
    for row in range(len(wanted_keys)):
        entries[row] = max(_place(table, keys, counts, wanted_keys[row], wanted_counts[row]), -1)


@kernel
def first_of_equals(keys, counts, table, firsts):
    """Fill `firsts` int64 [B]: the first row with the same key. `table`: zeros, a power of two of at least 2 B."""
    for row in range(len(keys)):
        found = _place(table, keys, counts, keys[row], counts[row])
        if found < 0:
            table[-1 - found] = row + 1
            found = row
        firsts[row] = found


@kernel
def copy_rows(sources, from_offsets, from_logits, from_wdl, targets, to_offsets, to_logits, to_wdl):
    """Copy logits and chances of the rows `sources` [R] to the rows `targets` [R]; the lengths are the targets'."""
    for i in range(len(sources)):
        source, target = sources[i], targets[i]
        start = from_offsets[source]
        for e in range(to_offsets[target], to_offsets[target + 1]):
            to_logits[e] = from_logits[start]
            start += 1
        for k in range(3):
            to_wdl[target, k] = from_wdl[source, k]


@kernel
def append_rows(rows, row_keys, offsets, logits, wdl, table, keys, counts, starts, kept_logits, kept_wdl, sizes):
    """Append `rows` [R] of a batch to a store; returns how many were seen to before it was full.

    Args:
        sizes: int64 [2], entries and logits in the store; updated. A row that is there already is left alone, and one
            that would not even fit into an empty store is passed over.
    """
    for i in range(len(rows)):
        row = rows[i]
        begin, end = offsets[row], offsets[row + 1]
        count = end - begin
        if count > len(kept_logits):
            continue
        place = _place(table, keys, counts, row_keys[row], np.int32(count))
        if place >= 0:
            continue
        entry, at = sizes[0], sizes[1]
        if entry == len(keys) or at + count > len(kept_logits):
            return i
        table[-1 - place] = entry + 1
        keys[entry] = row_keys[row]
        counts[entry] = count
        starts[entry] = at
        for e in range(count):
            kept_logits[at + e] = logits[begin + e]
        for k in range(3):
            kept_wdl[entry, k] = wdl[row, k]
        sizes[0] = entry + 1
        sizes[1] = at + count
    return len(rows)
