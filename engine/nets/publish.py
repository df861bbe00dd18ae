"""Makes a generation of a network: weights, ONNX file and card, written to a registry at once."""

from engine.generations.card import ONNX_FILE, WEIGHTS_FILE, Card
from engine.generations.registry import Generation, Registry
from engine.nets.onnx_export import onnx_bytes
from engine.nets.policy_value_net import PolicyValueNet
from engine.nets.weights import weights_bytes


def publish(registry: Registry, network: PolicyValueNet, card: Card, *, replace: bool = False) -> Generation:
    """Write `network` to `registry` under `card` (whose hashes are filled in).

    Raises:
        GenerationError: the id is no good or taken, or the folder cannot be written.
    """
    files = {WEIGHTS_FILE: weights_bytes(network.state_dict()), ONNX_FILE: onnx_bytes(network)}
    return registry.add(card, files, replace=replace)
