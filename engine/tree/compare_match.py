"""Which nodes of one tree are nodes of another: the same actions from the same root, each found once."""

import numpy as np

from engine.compiled import kernel


@kernel
def match(first_parent, first_action, parent, action):
    """Find every node of a tree in a first one.

    Args:
        first_parent, parent: int32 [nodes], -1 at the root; parents stand before their children.
        first_action, action: uint16 [nodes], the action that leads to a node; anything at the root.

    Returns:
        int32 [nodes], the node of the first tree that the same actions lead to, -1 = there is none.
    """
    youngest = np.full(len(first_parent), -1, np.int32)  # child of each node
    elder = np.full(len(first_parent), -1, np.int32)  # sibling of each node
    for node in range(1, len(first_parent)):
        up = first_parent[node]
        elder[node] = youngest[up]
        youngest[up] = node
    found = np.full(len(parent), -1, np.int32)
    if len(first_parent) and len(parent):
        found[0] = 0
    for node in range(1, len(parent)):
        up = found[parent[node]]
        at = youngest[up] if up >= 0 else np.int32(-1)
        while at >= 0 and first_action[at] != action[node]:
            at = elder[at]
        found[node] = at
    return found
