"""Chess: `rules` and `notation` are the two halves of the domain, the rest is what they are made of.

For people, with python-chess and no compiled code: `positions` (FEN), `moves`, `notation`.
Shared: `actions`, `outcomes`, `tables`, `state`. Compiled: `bits`, `legal`, `kernels`, `encodings`, `rules`.
For training: `san`, `pgn`.
"""
