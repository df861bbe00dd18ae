"""Reads network files of Leela Chess Zero (`.pb.gz`): what kind of network it is, and its weights as arrays.

A file is a protobuf message, gzipped. The numbers of its fields are facts of Lc0's `net.proto`; they are named here as
far as convolutional residual networks need them (Lc0's own up to its T60 and T78 runs, Maia, and many of their kind).
"""

import hashlib
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.nets.foreign_file import kind_of
from engine.nets.lc0_wire import Fields, WireError, fields_of

SUPPORTED = (
    "supported are convolutional residual networks with the classical 112 planes, a classical or convolutional policy "
    "and a classical or win/draw/loss value"
)
"""What can be read, for people."""

_MAGIC = 0x1C0
_LARGEST_BYTES = 2**30
"""Unpacked; the largest convolutional network that Lc0 published has about 200 MB."""

_MAGIC_FIELD, _LICENCE_FIELD, _NEEDS_FIELD, _FORMAT_FIELD = 1, 2, 3, 4
_TRAINING_FIELD, _WEIGHTS_FIELD, _ONNX_FIELD = 5, 10, 11
_FORMAT_ENCODING, _FORMAT_NETWORK = 1, 2
_INPUT, _OUTPUT, _STRUCTURE, _POLICY, _VALUE, _ACTIVATION = 1, 2, 3, 4, 5, 7
_ENCODER = 27

_INPUTS = {
    2: "112 planes with castling as squares",
    3: "canonical 112 planes",
    4: "canonical 112 planes, clock in hundredths",
    5: "canonical 112 planes, version 2",
    132: "canonical 112 planes for armageddon games",
    133: "canonical 112 planes for armageddon games, version 2",
}
_TRANSFORMER = "a transformer"
_STRUCTURES = {5: "an ONNX file in Lc0's wrapping", 6: _TRANSFORMER, 7: _TRANSFORMER, 134: _TRANSFORMER}
_CLASSICAL, _CONVOLUTIONAL, _WDL = 1, 2, 2
_HEADLESS = (1, 2)
"""Structures from before heads had formats of their own: their heads are classical."""
_CONVOLUTIONAL_STRUCTURES = (1, 2, 3, 4)

_LINEAR16, _FLOAT16, _BFLOAT16, _FLOAT32 = 1, 2, 3, 4


class Lc0FileError(ValueError):
    """A file that is no Lc0 network or one that cannot be used; the message names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Convolution:
    """A convolution, and the batch normalisation behind it where there is one.

    Attributes:
        weights: float32 [outputs * inputs * side * side], in that order.
        biases: float32 [outputs], or None.
        means, variances, gammas, betas: float32 [outputs], of the normalisation, or None. (The file calls the
            variances `bn_stddivs`.)
    """

    weights: NDArray[np.float32]
    biases: NDArray[np.float32] | None
    means: NDArray[np.float32] | None
    variances: NDArray[np.float32] | None
    gammas: NDArray[np.float32] | None
    betas: NDArray[np.float32] | None


@dataclass(frozen=True, slots=True)
class Dense:
    """A linear layer: `weights` float32 [outputs * inputs], `biases` float32 [outputs]."""

    weights: NDArray[np.float32]
    biases: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Block:
    """A residual block; `squeeze` and `excite` are None where it has no squeeze-and-excitation."""

    first: Convolution
    second: Convolution
    squeeze: Dense | None
    excite: Dense | None


@dataclass(frozen=True, slots=True)
class Lc0Network:
    """A network as its file has it.

    Attributes:
        stem: convolution of the 112 planes.
        policy_features: convolution before the policy's planes, or None in a classical policy.
        policy: convolution to 80 planes, or in a classical policy to a few channels.
        policy_dense: linear layer to 1858 logits in a classical policy, else None.
        value, value_hidden, value_output: the value's convolution and its two linear layers.
        is_wdl: whether the value is win/draw/loss logits, or one number whose tanh is the expected result.
        training: what the file says about its training, by name; for people.
        licence: what the file says, or "".
        sha256: hash of the file as it is, hex.
    """

    stem: Convolution
    blocks: tuple[Block, ...]
    policy_features: Convolution | None
    policy: Convolution
    policy_dense: Dense | None
    value: Convolution
    value_hidden: Dense
    value_output: Dense
    is_wdl: bool
    training: dict[str, float]
    licence: str
    sha256: str


def read_lc0(path: Path) -> Lc0Network:
    """The network in a file of Lc0's.

    Raises:
        Lc0FileError: the file cannot be read, is damaged, is no such file, or holds another kind of network.
    """
    try:
        packed = path.read_bytes()
    except OSError as error:
        raise Lc0FileError(f"{path}: cannot be read ({error.strerror})") from error
    try:
        return _network(_unpacked(packed), hashlib.sha256(packed).hexdigest())
    except (Lc0FileError, WireError) as error:
        raise Lc0FileError(f"{path}: {error}") from error


def _unpacked(packed: bytes) -> bytes:
    if packed[:2] != b"\x1f\x8b":
        return packed
    unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        content = unpacker.decompress(packed, _LARGEST_BYTES)
    except zlib.error as error:
        raise Lc0FileError(f"is a damaged gzip file ({error})") from error
    if unpacker.unconsumed_tail:
        raise Lc0FileError(f"unpacks to more than {_LARGEST_BYTES >> 20} MiB; {SUPPORTED}")
    if not unpacker.eof:
        raise Lc0FileError("is cut off: its gzip stream does not end")
    return content


def _network(content: bytes, sha256: str) -> Lc0Network:
    # The magic number comes first in every such file; it tells a foreign file from a damaged one.
    if content[:5] != b"\x0d" + struct.pack("<I", _MAGIC):
        kind = kind_of(content)
        raise Lc0FileError(f"is no network of Lc0's{f' but seems to be {kind}' if kind else ''}; {SUPPORTED}")
    net = fields_of(content)
    form = _Format.read(net)
    form.check(has_onnx=_ONNX_FIELD in net, needs=_needs(net))
    if _WEIGHTS_FIELD not in net:
        raise Lc0FileError("has no weights")
    weights = _Reader(_message(net, _WEIGHTS_FIELD), form.encoding)
    if _ENCODER in weights.fields:
        raise Lc0FileError(f"is {_TRANSFORMER}; {SUPPORTED}")
    is_convolutional = form.policy == _CONVOLUTIONAL
    blocks = tuple(
        Block(
            block.convolution(1, f"block {index} first"),
            block.convolution(2, f"block {index} second"),
            squeeze.dense(1, 2, f"block {index} squeeze") if squeeze else None,
            squeeze.dense(3, 4, f"block {index} excite") if squeeze else None,
        )
        for index, block in enumerate(weights.all(2))
        for squeeze in [block.inner(3)]
    )
    return Lc0Network(
        stem=weights.convolution(1, "input"),
        blocks=blocks,
        policy_features=weights.convolution(11, "policy 1") if is_convolutional else None,
        policy=weights.convolution(3, "policy"),
        policy_dense=None if is_convolutional else weights.dense(4, 5, "policy output"),
        value=weights.convolution(6, "value"),
        value_hidden=weights.dense(7, 8, "value hidden"),
        value_output=weights.dense(9, 10, "value output"),
        is_wdl=form.value == _WDL,
        training=_training(_message(net, _TRAINING_FIELD)),
        licence=b"".join(bytes(text) for text in net.get(_LICENCE_FIELD, ()) if isinstance(text, memoryview)).decode(
            "utf-8", "replace"
        ),
        sha256=sha256,
    )


@dataclass(frozen=True, slots=True)
class _Format:
    """What kind of network a file says it is; numbers of Lc0's enumerations."""

    encoding: int
    input: int
    structure: int
    policy: int
    value: int
    activation: int

    @classmethod
    def read(cls, net: Fields) -> "_Format":
        form = _message(net, _FORMAT_FIELD)
        network = _message(form, _FORMAT_NETWORK)
        structure = _number(network, _STRUCTURE, _CLASSICAL)
        is_headless = structure in _HEADLESS
        return cls(
            encoding=_number(form, _FORMAT_ENCODING, _LINEAR16),
            input=_number(network, _INPUT, _CLASSICAL),
            structure=structure,
            policy=_CLASSICAL if is_headless else _number(network, _POLICY, _CLASSICAL),
            value=_CLASSICAL if is_headless else _number(network, _VALUE, _CLASSICAL),
            activation=_number(network, _ACTIVATION, 0),
        )

    def check(self, *, has_onnx: bool, needs: str) -> None:
        """See whether a network of this kind can be used; `needs`: the version of Lc0 that it asks for, or "".

        Raises:
            Lc0FileError: it cannot.
        """
        what = ""
        if has_onnx or self.structure not in _CONVOLUTIONAL_STRUCTURES:
            kind = _STRUCTURES[5] if has_onnx else _STRUCTURES.get(self.structure, "a network of unknown structure")
            what = f"{kind} (network format {self.structure})"
        elif self.input != _CLASSICAL:
            what = f"a network with {_INPUTS.get(self.input, 'unknown planes')} (input format {self.input})"
        elif self.policy not in (_CLASSICAL, _CONVOLUTIONAL):
            what = f"a network with an attention or unknown policy (policy format {self.policy})"
        elif self.value not in (_CLASSICAL, _WDL):
            what = f"a network with an unknown value (value format {self.value})"
        elif self.activation != 0:
            what = f"a network with another activation than ReLU (activation {self.activation})"
        if what:
            age = f", made for Lc0 {needs} or newer" if needs else ""
            raise Lc0FileError(f"is {what}{age}; {SUPPORTED}")


class _Reader:
    """A message that holds layers, and how their numbers are written where they do not say so themselves."""

    def __init__(self, fields: Fields, encoding: int) -> None:
        self.fields = fields
        self._encoding = encoding

    def inner(self, number: int) -> "_Reader | None":
        return _Reader(_message(self.fields, number), self._encoding) if number in self.fields else None

    def all(self, number: int) -> "list[_Reader]":
        parts = (part for part in self.fields.get(number, ()) if isinstance(part, memoryview))
        return [_Reader(fields_of(part), self._encoding) for part in parts]

    def convolution(self, number: int, name: str) -> Convolution:
        block = self.inner(number)
        if block is None:
            raise Lc0FileError(f"lacks the layer {name!r}")
        rest = [block.layer(part, name) for part in (2, 3, 4, 5, 6)]
        return Convolution(block._needed(1, name), *rest)

    def dense(self, weights: int, biases: int, name: str) -> Dense:
        return Dense(self._needed(weights, name), self._needed(biases, name))

    def layer(self, number: int, name: str) -> NDArray[np.float32] | None:
        """The numbers of a layer, or None where the file has none."""
        layer = _message(self.fields, number)
        raw = layer.get(3, [b""])[-1]
        if isinstance(raw, int):
            raise Lc0FileError(f"has a damaged layer {name!r}")
        if not len(raw):
            return None
        encoding = _number(layer, 4, 0) or self._encoding
        decode = _DECODERS.get(encoding)
        if decode is None:
            raise Lc0FileError(f"writes its layer {name!r} in an unknown way (encoding {encoding})")
        if len(raw) % (4 if encoding == _FLOAT32 else 2):
            raise Lc0FileError(f"has a damaged layer {name!r}: {len(raw)} bytes are no whole count of numbers")
        found = decode(raw, _float(layer, 1), _float(layer, 2))
        if not np.isfinite(found).all():
            raise Lc0FileError(f"has a damaged layer {name!r}: not every weight is a finite number")
        return found

    def _needed(self, number: int, name: str) -> NDArray[np.float32]:
        found = self.layer(number, name)
        if found is None:
            raise Lc0FileError(f"lacks the layer {name!r}")
        return found


def _linear16(raw: bytes | memoryview, least: float, most: float) -> NDArray[np.float32]:
    steps = np.frombuffer(raw, "<u2").astype(np.float64)
    return (least + (most - least) * steps / 0xFFFF).astype(np.float32)


def _float16(raw: bytes | memoryview, _least: float, _most: float) -> NDArray[np.float32]:
    return np.frombuffer(raw, "<f2").astype(np.float32)


def _bfloat16(raw: bytes | memoryview, _least: float, _most: float) -> NDArray[np.float32]:
    return (np.frombuffer(raw, "<u2").astype(np.uint32) << 16).view(np.float32)


def _float32(raw: bytes | memoryview, _least: float, _most: float) -> NDArray[np.float32]:
    return np.frombuffer(raw, "<f4").astype(np.float32)


_DECODERS = {_LINEAR16: _linear16, _FLOAT16: _float16, _BFLOAT16: _bfloat16, _FLOAT32: _float32}


def _training(fields: Fields) -> dict[str, float]:
    found: dict[str, float] = {}
    if 1 in fields:
        found["steps"] = _number(fields, 1, 0)
    for number, name in ((3, "value_squared_error"), (4, "policy_cross_entropy"), (5, "top_1")):
        if number in fields:
            found[name] = _float(fields, number)
    return found


def _needs(net: Fields) -> str:
    """The oldest version of Lc0 that can read the file, as it says, e.g. "0.30"; "" where it does not say."""
    if _NEEDS_FIELD not in net:
        return ""
    version = _message(net, _NEEDS_FIELD)
    return f"{_number(version, 1, 0)}.{_number(version, 2, 0)}"


def _message(fields: Fields, number: int) -> Fields:
    """The message in a field, empty where there is none; of several, the last counts."""
    value = fields.get(number, [b""])[-1]
    return {} if isinstance(value, int) else fields_of(value)


def _number(fields: Fields, number: int, default: int) -> int:
    value = fields.get(number, [default])[-1]
    return value if isinstance(value, int) else default


def _float(fields: Fields, number: int) -> float:
    bits = _number(fields, number, 0)
    return float(struct.unpack("<f", struct.pack("<I", bits & 0xFFFFFFFF))[0])
