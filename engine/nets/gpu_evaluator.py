"""An evaluator that runs a network on a GPU: half precision, fixed batch shapes, one graph launch a batch.

A network this small spends more time being launched, kernel by kernel, than computing. Batches are therefore padded to
one of a few sizes; for each, what the device does is recorded once as a CUDA graph and then started in one go. Planes
go over and answers come back through page-locked memory, in copies queued behind each other on one stream; of the
policy only the logits of legal actions come back, about 2 % of it.
"""

import contextlib
import itertools
from collections.abc import Callable, Iterator
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.nets.devices import device_text, torch_device
from engine.nets.legal_logits import legal_places
from engine.nets.policy_value_net import PolicyValueNet, channels_last, folded
from engine.search.batches import select_leaves
from engine.search.evaluator import Evaluation, Leaves

Precision = Literal["float32", "float16", "bfloat16"]

SIZES = (8, 16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024)
"""Batch sizes that graphs are made for: padding wastes a third of a batch at the most, half below 32. Multiples of 8,
which matrix units want."""

_WARM_UP_RUNS = 3
"""Runs before a recording, in which libraries allocate what must not be allocated while recording."""


class GpuEvaluator:
    """Runs a `PolicyValueNet` on a GPU.

    Takes the network over: it is folded for inference and moved to the device. An answer may depend in its last bits on
    the size that a batch is padded to, never on what the other rows hold.

    Args:
        network: the network.
        name: for people, e.g. "gen-000".
        weights_hash: content hash of the weights, hex.
        device: "cuda", "cuda:N" or "mps"; a "cpu" does the same without graphs, for tests.
        precision: of weights and activations. float16 has three more bits than bfloat16, and the activations of
            normalised networks are far inside its range.
        sizes: batch sizes to pad to, rising; larger batches are cut up.
        use_graphs: record CUDA graphs; no effect on other devices.

    Raises:
        DeviceError: there is no such device here.
        ValueError: `sizes` is empty or not rising.
    """

    def __init__(
        self,
        network: PolicyValueNet,
        *,
        name: str,
        weights_hash: str,
        device: str = "cuda",
        precision: Precision = "float16",
        sizes: tuple[int, ...] = SIZES,
        use_graphs: bool = True,
    ) -> None:
        if not sizes or sizes[0] < 1 or any(a >= b for a, b in itertools.pairwise(sizes)):
            raise ValueError(f"batch sizes {sizes} do not rise from 1 or more")
        self._device = torch_device(device)
        self._dtype: torch.dtype = getattr(torch, precision)
        self._architecture = network.architecture
        self._network = channels_last(folded(network).to(self._device, self._dtype))
        self._is_cuda = self._device.type == "cuda"
        self._use_graphs = use_graphs and self._is_cuda
        new_stream: Callable[[torch.device], torch.cuda.Stream] = torch.cuda.Stream
        self._stream = new_stream(self._device) if self._is_cuda else None
        self._pool = torch.cuda.graph_pool_handle() if self._use_graphs else None
        self._sizes = sizes
        self._slots: dict[int, _Slot] = {}
        self._legal = _LegalBuffers(1024, self._device)
        if self._is_cuda:
            torch.cuda.synchronize(self._device)  # what was moved over must be there before our stream reads it
        self.name = name
        self.weights_hash = weights_hash
        self.device = f"{device_text(self._device)}, {precision}, torch"
        self.fmt: str | None = network.architecture.fmt

    def evaluate(self, leaves: Leaves) -> Evaluation:
        """Logits and win/draw/loss for every leaf."""
        if leaves.features is None:
            raise ValueError(f"{self.name} needs features in format {self.fmt!r}; the leaves carry none")
        rows = len(leaves.features)
        largest = self._sizes[-1]
        if rows <= largest:
            return self._evaluate(leaves, leaves.features)
        parts = [
            self.evaluate(select_leaves(leaves, np.arange(start, min(start + largest, rows))))
            for start in range(0, rows, largest)
        ]
        return Evaluation(np.concatenate([part.logits for part in parts]), np.concatenate([part.wdl for part in parts]))

    def _evaluate(self, leaves: Leaves, features: NDArray[np.float32]) -> Evaluation:
        rows, edges = len(features), len(leaves.actions)
        if not rows:
            return Evaluation(np.zeros(0, np.float32), np.zeros((0, 3), np.float32))
        with torch.inference_mode(), self._on_stream():
            if edges > self._legal.capacity:
                self._legal = _LegalBuffers(1 << (edges - 1).bit_length(), self._device)
            legal = self._legal
            slot = self._slot(next(size for size in self._sizes if size >= rows))
            # Rows past the last keep an older batch's planes: their answers are not looked at.
            slot.host_planes.numpy()[:rows] = features
            legal.host_places.numpy()[:edges] = legal_places(
                self._architecture.num_actions, leaves.offsets, leaves.actions
            )
            slot.planes[:rows].copy_(slot.host_planes[:rows], non_blocking=self._is_cuda)
            legal.places[:edges].copy_(legal.host_places[:edges], non_blocking=self._is_cuda)
            self._compute(slot)
            logits = slot.policy.view(-1).index_select(0, legal.places[:edges]).float()  # [E]
            legal.host_logits[:edges].copy_(logits, non_blocking=self._is_cuda)
            slot.host_wdl[:rows].copy_(slot.wdl[:rows], non_blocking=self._is_cuda)
            if self._stream is not None:
                self._stream.synchronize()
            # Copies: the buffers are written again by the next batch.
            return Evaluation(legal.host_logits.numpy()[:edges].copy(), slot.host_wdl.numpy()[:rows].copy())

    def _slot(self, size: int) -> "_Slot":
        """The buffers, and the graph, of one batch size; made when it is first met."""
        if size not in self._slots:
            slot = _Slot(size, self._network, self._device)
            if self._use_graphs:
                self._record(slot)
            self._slots[size] = slot
        return self._slots[size]

    def _compute(self, slot: "_Slot") -> None:
        if slot.graph is not None:
            slot.graph.replay()
        else:
            self._forward(slot)

    def _forward(self, slot: "_Slot") -> None:
        planes = slot.planes.to(self._dtype, memory_format=torch.channels_last)  # [size, C, H, W]
        output = self._network(planes)
        slot.policy.copy_(output.policy_logits)
        slot.wdl.copy_(torch.softmax(output.wdl_logits.float(), 1))

    def _record(self, slot: "_Slot") -> None:
        for _ in range(_WARM_UP_RUNS):
            self._forward(slot)
        torch.cuda.synchronize(self._device)
        graph = torch.cuda.CUDAGraph()
        # Other threads may use the device meanwhile, e.g. to load another network; only this one is recorded.
        with torch.cuda.graph(graph, pool=self._pool, stream=self._stream, capture_error_mode="thread_local"):
            self._forward(slot)
        slot.graph = graph

    @contextlib.contextmanager
    def _on_stream(self) -> Iterator[None]:
        """Queue the device's work on our stream; the calling thread need not be the one that made us."""
        if self._stream is None:
            yield
            return
        with torch.cuda.device(self._device), torch.cuda.stream(self._stream):
            yield


class _Slot:
    """Everything that belongs to one batch size; a graph reads and writes these very buffers.

    Attributes:
        host_planes: float32 [size, C, H, W], page-locked. planes: the same on the device.
        policy: half precision [size, A], on the device.
        wdl: float32 [size, 3], on the device. host_wdl: the same, page-locked.
        graph: what the device does from `planes` to `policy` and `wdl`, or None where it is not recorded.
    """

    def __init__(self, size: int, network: PolicyValueNet, device: torch.device) -> None:
        architecture = network.architecture
        shape = (size, architecture.planes, architecture.height, architecture.width)
        dtype = next(network.parameters()).dtype
        self.host_planes = _host_buffer(shape, torch.float32, device)
        self.planes = torch.zeros(shape, dtype=torch.float32, device=device)
        self.policy = torch.zeros((size, architecture.num_actions), dtype=dtype, device=device)
        self.wdl = torch.zeros((size, 3), dtype=torch.float32, device=device)
        self.host_wdl = _host_buffer((size, 3), torch.float32, device)
        self.graph: torch.cuda.CUDAGraph | None = None


class _LegalBuffers:
    """Where legal actions' logits stand [capacity], and what they are, on both sides of the bus."""

    def __init__(self, capacity: int, device: torch.device) -> None:
        self.capacity = capacity
        self.host_places = _host_buffer((capacity,), torch.int64, device)
        self.places = torch.zeros(capacity, dtype=torch.int64, device=device)
        self.host_logits = _host_buffer((capacity,), torch.float32, device)


def _host_buffer(shape: tuple[int, ...], dtype: torch.dtype, device: torch.device) -> Tensor:
    """Zeros in main memory, page-locked where the device can then copy them by itself."""
    return torch.zeros(shape, dtype=dtype, pin_memory=device.type == "cuda")
