"""A network whose trunk multiplies in bfloat16: twice as fast on processors that have units for it (Intel's AMX).

bfloat16 keeps 8 bits of a number's size, so where it is used decides how much is lost. Only the convolutions of the
trunk, nine tenths of the work, take and give it; what they add up to along the trunk, the squeeze-and-excitation and
both heads stay in float32. Measured on Maia-1500, the top action is then the exact network's in 99.5 % of positions;
with everything in bfloat16 in 98.6 %.
"""

import copy

from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from engine.nets.policy_value_net import NetworkOutput, PolicyValueNet, ResidualBlock


class HalfTrunk(nn.Module):
    """A copy of `network` that computes as said above.

    Args:
        network: folded for inference; left alone.
    """

    def __init__(self, network: PolicyValueNet) -> None:
        super().__init__()
        own = copy.deepcopy(network)
        self._stem = own.stem.bfloat16()
        self._blocks = nn.ModuleList(_HalfBlock(block) for block in own.blocks)
        self._policy, self._value = own.policy, own.value

    @override
    def forward(self, planes: Tensor) -> NetworkOutput:
        """Policy and value logits, float32, for `planes` float32 [B, C, H, W]."""
        x = functional.relu(self._stem(planes.bfloat16()).float())  # [B, F, H, W]
        for block in self._blocks:
            x = block(x)
        return NetworkOutput(self._policy(x), self._value(x))  # [B, A], [B, 3]


class _HalfBlock(nn.Module):
    def __init__(self, block: nn.Module) -> None:
        super().__init__()
        assert isinstance(block, ResidualBlock)
        self._first, self._second = block.first.bfloat16(), block.second.bfloat16()
        self._excitation = block.excitation

    @override
    def forward(self, x: Tensor) -> Tensor:
        """[B, F, H, W] -> [B, F, H, W], both float32."""
        y = functional.relu(self._first(x.bfloat16()), inplace=True)  # [B, F, H, W]
        return functional.relu(x + self._excitation(self._second(y).float()), inplace=True)
