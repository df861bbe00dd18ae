"""Network files in Lc0's format, written field by field, and a slow reading of what such a network answers."""

import gzip
import struct
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

CHANNELS, SQUEEZE, VALUE_CHANNELS, HIDDEN, FLAT_CHANNELS = 6, 2, 3, 5, 4
CELLS = 64


def varint(number: int) -> bytes:
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def number(tag: int, value: int) -> bytes:
    return varint(tag << 3) + varint(value)


def fixed32(tag: int, packed: bytes) -> bytes:
    return varint(tag << 3 | 5) + packed


def text(tag: int, content: bytes) -> bytes:
    return varint(tag << 3 | 2) + varint(len(content)) + content


@dataclass
class Kind:
    """The numbers of a file's format."""

    input: int = 1
    output: int = 2
    structure: int = 4
    policy: int = 2
    value: int = 2
    activation: int = 0
    encoding: int = 1

    def message(self) -> bytes:
        parts = [(1, self.input), (2, self.output), (3, self.structure), (4, self.policy), (5, self.value)]
        if self.activation:
            parts.append((7, self.activation))
        return text(4, number(1, self.encoding) + text(2, b"".join(number(*part) for part in parts)))


def layer(values: Array, encoding: int) -> bytes:
    low, high = float(values.min()), float(values.max())
    if encoding == 1:
        steps = np.round((values - low) / ((high - low) or 1.0) * 0xFFFF).astype("<u2").tobytes()
    elif encoding == 2:
        steps = values.astype("<f2").tobytes()
    elif encoding == 3:
        steps = (values.astype("<f4").view("<u4") >> 16).astype("<u2").tobytes()
    else:
        steps = values.astype("<f4").tobytes()
    said = b"" if encoding == 1 else number(4, encoding)
    return fixed32(1, struct.pack("<f", low)) + fixed32(2, struct.pack("<f", high)) + text(3, steps) + said


def stored(values: Array, encoding: int) -> Array:
    """What is left of `values` when a layer has been written so."""
    if encoding == 1:
        steps = np.round((values - values.min()) / (np.ptp(values) or 1.0) * 0xFFFF) / 0xFFFF
        low, high = (float(np.float32(end)) for end in (values.min(), values.max()))
        return low + (high - low) * steps
    if encoding == 2:
        return values.astype(np.float16).astype(np.float64)
    if encoding == 3:
        return (values.astype("<f4").view("<u4") >> 16 << 16).view("<f4").astype(np.float64)
    return values.astype(np.float32).astype(np.float64)


@dataclass
class Lc0Net:
    """A random small network; `layers` by the names that `message` and `forward` know."""

    kind: Kind = field(default_factory=Kind)
    blocks: int = 2
    has_squeeze: bool = True
    seed: int = 0
    layers: dict[str, Array] = field(init=False)

    def __post_init__(self) -> None:
        rng = np.random.default_rng(self.seed)
        self.layers = {}

        def put(name: str, *shape: int, scale: float = 1.0) -> None:
            self.layers[name] = stored(rng.normal(size=shape) * scale, self.kind.encoding)

        def conv(name: str, outputs: int, inputs: int, side: int) -> None:
            put(f"{name}.w", outputs, inputs, side, side, scale=1.0 / np.sqrt(inputs * side * side))
            put(f"{name}.mean", outputs, scale=0.3)
            self.layers[f"{name}.var"] = stored(rng.uniform(0.3, 2.0, outputs), self.kind.encoding)
            self.layers[f"{name}.gamma"] = stored(rng.uniform(0.5, 1.5, outputs), self.kind.encoding)
            put(f"{name}.beta", outputs, scale=0.3)

        def dense(name: str, outputs: int, inputs: int) -> None:
            put(f"{name}.w", outputs, inputs, scale=1.0 / np.sqrt(inputs))
            put(f"{name}.b", outputs, scale=0.3)

        conv("stem", CHANNELS, 112, 3)
        for index in range(self.blocks):
            conv(f"{index}.1", CHANNELS, CHANNELS, 3)
            conv(f"{index}.2", CHANNELS, CHANNELS, 3)
            if self.has_squeeze:
                dense(f"{index}.squeeze", SQUEEZE, CHANNELS)
                dense(f"{index}.excite", 2 * CHANNELS, SQUEEZE)
        if self.kind.policy == 2:
            conv("policy1", CHANNELS, CHANNELS, 3)
            put("policy.w", 80, CHANNELS, 3, 3, scale=0.4)
            put("policy.b", 80)
        else:
            conv("policy", FLAT_CHANNELS, CHANNELS, 1)
            dense("policy_out", 1858, FLAT_CHANNELS * CELLS)
        conv("value", VALUE_CHANNELS, CHANNELS, 1)
        dense("hidden", HIDDEN, VALUE_CHANNELS * CELLS)
        dense("out", 3 if self.kind.value == 2 else 1, HIDDEN)

    def _layer(self, tag: int, name: str) -> bytes:
        values = self.layers.get(name)
        return b"" if values is None else text(tag, layer(values.ravel(), self.kind.encoding))

    def _conv(self, name: str) -> bytes:
        names = ("w", "b", "mean", "var", "gamma", "beta")
        return b"".join(self._layer(tag, f"{name}.{part}") for tag, part in enumerate(names, 1))

    def _block(self, index: int) -> bytes:
        out = text(1, self._conv(f"{index}.1")) + text(2, self._conv(f"{index}.2"))
        if self.has_squeeze:
            names = ("squeeze.w", "squeeze.b", "excite.w", "excite.b")
            out += text(3, b"".join(self._layer(tag, f"{index}.{part}") for tag, part in enumerate(names, 1)))
        return out

    def weights(self) -> bytes:
        out = text(1, self._conv("stem")) + b"".join(text(2, self._block(index)) for index in range(self.blocks))
        out += text(3, self._conv("policy")) + self._layer(4, "policy_out.w") + self._layer(5, "policy_out.b")
        out += text(6, self._conv("value")) + self._layer(7, "hidden.w") + self._layer(8, "hidden.b")
        out += self._layer(9, "out.w") + self._layer(10, "out.b")
        return out + (text(11, self._conv("policy1")) if "policy1.w" in self.layers else b"")

    def message(self) -> bytes:
        """The message: magic number, version, format, training, weights."""
        training = number(1, 1234) + fixed32(5, struct.pack("<f", 51.5))
        version = number(1, 0) + number(2, 21)
        parts = fixed32(1, struct.pack("<I", 0x1C0)) + text(2, b"free as in speech") + text(3, version)
        return parts + self.kind.message() + text(5, training) + text(10, self.weights())

    def packed(self) -> bytes:
        return gzip.compress(self.message(), mtime=0)

    # -- the slow reading -------------------------------------------------------------------------------------------

    def forward(self, planes: Array) -> tuple[Array, Array]:
        """Planes or logits of the policy, flat, and win, draw, loss, for one position [112, 8, 8]."""
        x = relu(self._convolve("stem", planes))
        for index in range(self.blocks):
            y = self._convolve(f"{index}.2", relu(self._convolve(f"{index}.1", x)))
            if self.has_squeeze:
                z = self._linear(f"{index}.excite", relu(self._linear(f"{index}.squeeze", y.mean((1, 2)))))
                y = y / (1 + np.exp(-z[:CHANNELS]))[:, None, None] + z[CHANNELS:, None, None]
            x = relu(x + y)
        if self.kind.policy == 2:
            policy = self._convolve("policy", relu(self._convolve("policy1", x))).ravel()
        else:
            policy = self._linear("policy_out", relu(self._convolve("policy", x)).ravel())
        out = self._linear("out", relu(self._linear("hidden", relu(self._convolve("value", x)).ravel())))
        if self.kind.value == 2:
            return policy, np.exp(out) / np.exp(out).sum()
        expected = float(np.tanh(out[0]))
        return policy, np.array([(1 + expected) / 2, 0.0, (1 - expected) / 2])

    def _linear(self, name: str, x: Array) -> Array:
        found: Array = self.layers[f"{name}.w"] @ x + self.layers[f"{name}.b"]
        return found

    def _convolve(self, name: str, x: Array) -> Array:
        weights = self.layers[f"{name}.w"]
        reach = weights.shape[2] // 2
        padded = np.pad(x, ((0, 0), (reach, reach), (reach, reach)))
        out = np.zeros((len(weights), 8, 8))
        for rank in range(8):
            for file in range(8):
                patch = padded[:, rank : rank + 2 * reach + 1, file : file + 2 * reach + 1]
                out[:, rank, file] = (weights * patch).sum((1, 2, 3))
        out += self.layers.get(f"{name}.b", np.zeros(len(weights)))[:, None, None]
        if f"{name}.var" not in self.layers:
            return out
        parts = (self.layers[f"{name}.{part}"][:, None, None] for part in ("mean", "var", "gamma", "beta"))
        mean, variance, gamma, beta = parts
        found: Array = gamma * (out - mean) / np.sqrt(variance + 1e-5) + beta
        return found


def relu(x: Array) -> Array:
    found: Array = np.maximum(x, 0)
    return found
