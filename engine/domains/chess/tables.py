"""The numbers that chess kernels look up: one flat array, made by rule in a few hundredths of a second.

Every kernel takes the array as its first argument and finds a table in it by a fixed offset, so that compiling and
caching a kernel does not depend on a megabyte of constants.

Sliding pieces use "magic bitboards" (https://www.chessprogramming.org/Magic_Bitboards): the squares that can block a
slider are multiplied by a number that packs them into an index. The numbers below were found by random search; any
others without collisions would do.

Keys are random linear hashes of what makes two states the same for repetition (A. Zobrist, 1970), in absolute colours.
"""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.domains.chess.actions import (
    ACTION_FROM,
    ACTION_PROMO,
    ACTION_TO,
    FIRST_PROMOTION,
    KNIGHT_JUMPS,
    QUEEN_RAYS,
    square_at,
)
from engine.domains.chess.castling import (
    NUMBER_SHIFT,
    OWN_LONG,
    OWN_SHORT,
    THEIR_LONG,
    THEIR_SHORT,
    all_files,
    number_of_files,
)

Table = NDArray[np.uint64]
Ray = tuple[int, ...]

PAWN = np.uint64(0)
"""[64] squares on which a pawn captures, walking up the board."""
KNIGHT = np.uint64(64)
"""[64] squares a knight reaches."""
KING = np.uint64(128)
"""[64] squares a king reaches."""
REACH = np.uint64(192)
"""[64] targets of the plain actions from a square."""
FIRST = np.uint64(256)
"""[64] the first plain action from a square; the others follow in order of their target."""
RIGHTS = np.uint64(320)
"""[64] castling rights that survive a move from or to a square, in standard chess."""
MOVE = np.uint64(384)
"""[1858] source | target << 6 | kind << 12 of an action, where kind is what a pawn becomes on the last rank."""
BISHOP_MAGIC = np.uint64(2304)
"""[64, 4] blocker squares, magic number, offset of the reach table, shift."""
ROOK_MAGIC = np.uint64(2560)
"""[64, 4] as `BISHOP_MAGIC`."""
BETWEEN = np.uint64(2816)
"""[64, 64] squares strictly between two squares of a queen line."""
LINE = np.uint64(6912)
"""[64, 64] the whole queen line through two squares, both included."""
PIECE_KEY = np.uint64(11008)
"""[2, 6, 64] colour (0 = White), kind (pawn, knight, bishop, rook, king, queen), absolute square."""
CASTLING_KEY = np.uint64(11776)
"""[2, 256] player to move (0 = White), castling as that player's state has it: rights, and the number of the files."""
EN_PASSANT_KEY = np.uint64(12288)
"""[64] by target square; only the file matters."""
SIDE_KEY = np.uint64(12352)
"""[1] changes hands with every move."""
CASTLING_FILES = np.uint64(12384)
"""[8, 16] by the king's file and the number of `engine.domains.chess.castling`: long rook's file | short one's << 3."""
FILES_NUMBER = np.uint64(12512)
"""[8, 8, 8] that number << 4, by the files of king, long rook and short rook."""
_SLIDES = 13024

# fmt: off
_BISHOP_MAGICS = (
    0x0008030422820200, 0x4004010202020480, 0x10A8880050804002, 0x8084040095328240, 0x0044042041002008,
    0x0001012130420800, 0x0624010806100000, 0x180A02024A025044, 0x0000220A02080100, 0x1050085044208120,
    0x220804040C2A4038, 0x4200080A08200000, 0x8050245040009318, 0x8000220311081000, 0x0910010808020800,
    0x18004D80A8080200, 0x24088040A2048C00, 0x508A0920040C4081, 0xA8188230006201A0, 0x0044030201620043,
    0x0024080580A008E0, 0x4002000409010814, 0x0C044B8C01441002, 0x0100800060841004, 0x0210100608200100,
    0x2010040508012421, 0x2005040002440400, 0x8001080353004100, 0x2000840000812000, 0x5096008004100481,
    0x00182880224A0840, 0x0004002020420200, 0x1023544000200800, 0x2004042408221000, 0x0124020184880080,
    0x0004200900280050, 0x0208020400401100, 0x0103024100020104, 0x0201140C81040200, 0x4442014144120204,
    0x1144022010088400, 0x112A480424053010, 0x082008C402001002, 0x0001202018000500, 0x5440012011020200,
    0x0040280200884410, 0x0020080602606084, 0x0407040B061100C2, 0xA006080208240040, 0x000A02008C844280,
    0x825640A108180000, 0x0064000084240100, 0x2008004008221402, 0x0080041026060084, 0x2008200840830181,
    0x080404040400A200, 0x2000340404040402, 0x00800C8208064208, 0x9C20100200420820, 0x2040110008C20220,
    0x4014081040B02480, 0x800110040C480604, 0x0808405001990300, 0x00500C0808202420,
)
_ROOK_MAGICS = (
    0x828008400082A010, 0xC100104000842100, 0x0100082000104100, 0x0100041000090220, 0x0200200200041028,
    0x2900090048820C00, 0x0080108002000100, 0x0080012041000080, 0x1C00800040088630, 0x0000400B20005000,
    0x2802802001100081, 0x0808802800801004, 0x8001000500108800, 0x0000800200040080, 0x000C000802011024,
    0x4004801280224100, 0x0800818000401020, 0x44268080200A4000, 0x2801010040502000, 0xE002210010010208,
    0x004101002C480010, 0x0001010004002802, 0x8000040018100142, 0x4800860004004A81, 0x0084902080044000,
    0x101000CC40002000, 0x0011A00080801000, 0x4041210100185000, 0x00080008804C0080, 0x0082008080040002,
    0x0209000100020024, 0x2004800080004100, 0x3102A2C000800180, 0x0130002012400240, 0x0900500081802000,
    0x8090041009002100, 0xC004080080802400, 0x0002001812001025, 0x9418280204001041, 0x0800140842000091,
    0x1000802040108000, 0x4040028020008040, 0x0000200010008080, 0x0441100021010008, 0x0404080004008080,
    0x104500A400090002, 0x4064120830240003, 0x0601000040810006, 0x0600A10280005100, 0x0410014002200040,
    0x0150008220001280, 0x0000500108008080, 0x1DA8080025011100, 0x0057000400820900, 0x1022810228101400,
    0x18000091C4090200, 0x0002042081004212, 0x00B1128100244001, 0x5000402000120903, 0x00032CB001200901,
    0x0889004208001015, 0x8022001011080402, 0x42005001080200C4, 0x0001102100408406,
)
# fmt: on


@lru_cache(maxsize=1)
def tables() -> Table:
    """All tables in one array, read-only; the same array on every call."""
    rays = [[_ray(square, step) for step in QUEEN_RAYS] for square in range(64)]
    magics, slides = _slides(rays)
    between, line = _lines(rays)
    out = np.zeros(_SLIDES + len(slides), np.uint64)
    parts = {
        PAWN: _leaps(((-1, 1), (1, 1))),
        KNIGHT: _leaps(KNIGHT_JUMPS),
        KING: _leaps(QUEEN_RAYS),
        REACH: _plain_targets(),
        FIRST: np.searchsorted(_PLAIN_FROM, np.arange(64)),
        RIGHTS: _surviving_rights(),
        MOVE: _moves(),
        BISHOP_MAGIC: magics[0],
        ROOK_MAGIC: magics[1],
        BETWEEN: between,
        LINE: line,
        **_castling(),
        **_keys(),
        np.uint64(_SLIDES): slides,
    }
    for offset, values in parts.items():
        out[int(offset) : int(offset) + values.size] = values.ravel()
    out.setflags(write=False)
    return out


_PLAIN_FROM = ACTION_FROM[:FIRST_PROMOTION]


def _plain_targets() -> Table:
    """[64] as `REACH`."""
    targets = np.zeros(64, np.uint64)
    np.bitwise_or.at(targets, _PLAIN_FROM, np.uint64(1) << ACTION_TO[:FIRST_PROMOTION].astype(np.uint64))
    return targets


def _moves() -> Table:
    """[1858] as `MOVE`."""
    kinds = np.array([1, 0, 0, 2, 3, 5], np.uint64)[ACTION_PROMO]  # from the numbers of `actions` to those of PIECE_KEY
    moves: Table = ACTION_FROM.astype(np.uint64) | ACTION_TO.astype(np.uint64) << np.uint64(6) | kinds << np.uint64(12)
    return moves


def _board(squares: Iterable[int]) -> int:
    """The board with `squares` set."""
    return sum(1 << int(square) for square in squares)


def _ray(square: int, step: tuple[int, int]) -> Ray:
    """Squares from `square` (left out) to the edge, nearest first."""
    rank, file = divmod(square, 8)
    squares = (square_at(file + step[0] * n, rank + step[1] * n) for n in range(1, 8))
    return tuple(target for target in squares if target >= 0)


def _leaps(steps: Iterable[tuple[int, int]]) -> Table:
    """[64] targets one of `steps` away."""
    steps = tuple(steps)
    return np.array([_board(t for step in steps for t in _ray(square, step)[:1]) for square in range(64)], np.uint64)


def _surviving_rights() -> Table:
    """[64] as `RIGHTS`: kings and rooks lose them by moving or by being taken."""
    rights = np.full(64, 15, np.uint64)
    rights[[0, 7, 4]] = 15 - OWN_LONG, 15 - OWN_SHORT, 15 - OWN_LONG - OWN_SHORT
    rights[[56, 63]] = 15 - THEIR_LONG, 15 - THEIR_SHORT
    return rights


def _castling() -> dict[np.uint64, Table]:
    """[8, 16] as `CASTLING_FILES` and [8, 8, 8] as `FILES_NUMBER`."""
    files, numbers = np.zeros((8, 16), np.uint64), np.zeros((8, 8, 8), np.uint64)
    for king, long, short in all_files():
        number = number_of_files(king, long, short)
        files[king, number] = long | short << 3
        numbers[king, long, short] = number << NUMBER_SHIFT
    return {CASTLING_FILES: files, FILES_NUMBER: numbers}


def _lines(rays: list[list[Ray]]) -> tuple[Table, Table]:
    """[64, 64] squares strictly between two squares, and the whole line through them; empty where no queen could go."""
    between, line = np.zeros((64, 64), np.uint64), np.zeros((64, 64), np.uint64)
    for source in range(64):
        for direction, ray in enumerate(rays[source]):
            through = _board(ray) | _board(rays[source][direction - 4]) | 1 << source
            for i, target in enumerate(ray):
                between[source, target] = _board(ray[:i])
                line[source, target] = through
    return between, line


def _slides(rays: list[list[Ray]]) -> tuple[Table, Table]:
    """Entries [2, 64, 4] as `BISHOP_MAGIC` and `ROOK_MAGIC` have them, and the reach tables they point into."""
    magics, reaches, offset = np.zeros((2, 64, 4), np.uint64), [], _SLIDES
    for kind, numbers in enumerate((_BISHOP_MAGICS, _ROOK_MAGICS)):
        for square, magic in enumerate(numbers):
            own_rays = rays[square][1 - kind :: 2]  # QUEEN_RAYS alternate between straight and diagonal
            blockers = [blocker for ray in own_rays for blocker in ray[:-1]]
            shift = 64 - len(blockers)
            magics[kind, square] = _board(blockers), magic, offset, shift
            reaches.append(_reach_table(own_rays, blockers, magic, shift))
            offset += 1 << len(blockers)
    return magics, np.concatenate(reaches)


def _reach_table(own_rays: list[Ray], blockers: list[int], magic: int, shift: int) -> Table:
    """Squares a slider reaches, for every set of blockers, in the order that `magic` puts them."""
    counter = np.arange(1 << len(blockers), dtype=np.uint64)
    occupied = np.zeros_like(counter)
    for i, blocker in enumerate(blockers):
        occupied |= (counter >> np.uint64(i) & np.uint64(1)) << np.uint64(blocker)
    reach = np.zeros_like(counter)
    for ray in own_rays:
        is_open = np.full(len(counter), ~np.uint64(0))
        for square in ray:
            here = np.uint64(1 << square)
            reach |= here & is_open
            is_open[(occupied & here) != 0] = 0
    table = np.zeros_like(reach)
    table[occupied * np.uint64(magic) >> np.uint64(shift)] = reach
    return table


def _keys() -> dict[np.uint64, Table]:
    """Tables of random numbers for state keys."""
    random = _random_numbers(768 + 16 + 8 + 1 + 15)
    of_files = np.concatenate([np.zeros(1, np.uint64), random[793:]])  # standard chess, then the numbers of Chess960
    white = random[768:784] ^ of_files[:, None]
    as_black_sees_them = [rights >> 2 | (rights & 3) << 2 for rights in range(16)]
    return {
        PIECE_KEY: random[:768],
        CASTLING_KEY: np.stack([white, white[:, as_black_sees_them]]),
        EN_PASSANT_KEY: np.tile(random[784:792], 8),
        SIDE_KEY: random[792:793],
    }


def _random_numbers(size: int) -> Table:
    """The same numbers on every machine (SplitMix64; G. Steele and others, 2014), so that stored keys stay valid."""
    z = np.arange(1, size + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ z >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ z >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    mixed: Table = z ^ z >> np.uint64(31)
    return mixed
