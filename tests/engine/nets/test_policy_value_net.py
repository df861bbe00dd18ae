import chess
import pytest
import torch
from torch import nn

from engine.domains import registry as domains
from engine.domains.chess.actions import ACTION_INDEX, QUEEN
from engine.nets.architecture import Architecture, ArchitectureError, named_architecture, policy_map
from engine.nets.policy_value_net import PlanesPolicy, channels_last, folded, fresh_network, parameter_count
from tests.engine.nets.small import CHESS, CONNECT_FOUR, lively_network


@pytest.mark.parametrize("architecture", [CHESS, CONNECT_FOUR], ids=lambda a: a.domain)
def test_shapes(architecture: Architecture) -> None:
    planes = torch.zeros(3, architecture.planes, architecture.height, architecture.width)
    policy, wdl = fresh_network(architecture, 1).eval()(planes)
    assert policy.shape == (3, architecture.num_actions)
    assert wdl.shape == (3, 3)


def test_the_chess_head_reads_each_action_at_its_plane_and_square() -> None:
    """Planes by Lc0's rule: north by two squares = 1, knight (-1, 2) = 63, promotion to a queen straight on = 69."""
    head = PlanesPolicy(CHESS)
    head.features = nn.Identity()  # type: ignore[assignment]
    head.planes = nn.Identity()  # type: ignore[assignment]
    places = torch.arange(73 * 64, dtype=torch.float32).reshape(1, 73, 8, 8)
    read = head(places)[0]

    def place(source: int, target: int, promotion: int = 0) -> int:
        return int(read[int(ACTION_INDEX[source, target, promotion])])

    assert place(chess.E2, chess.E4) == 1 * 64 + chess.E2
    assert place(chess.G1, chess.F3) == 63 * 64 + chess.G1
    assert place(chess.A7, chess.A8, QUEEN) == (64 + 3 + 2) * 64 + chess.A7


def test_folding_leaves_the_answers_as_they_are() -> None:
    network = lively_network(CONNECT_FOUR)
    planes = torch.rand(5, 3, 6, 7)
    with torch.no_grad():
        before = network(planes)
        after = channels_last(folded(network))(planes)
    assert not any(isinstance(module, nn.BatchNorm2d) for module in network.modules())
    torch.testing.assert_close(after, before, atol=1e-5, rtol=1e-5)


def test_fresh_weights_follow_from_the_seed_alone() -> None:
    torch.manual_seed(7)
    first = fresh_network(CONNECT_FOUR, 1).state_dict()
    drawn = torch.rand(1)
    torch.manual_seed(7)
    assert torch.equal(drawn, torch.rand(1)), "the global generator was moved"
    again, other = fresh_network(CONNECT_FOUR, 1).state_dict(), fresh_network(CONNECT_FOUR, 2).state_dict()
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["stem.conv.weight"], other["stem.conv.weight"])


def test_named_architectures() -> None:
    rules = domains.rules("connect_four")
    standard = named_architecture(rules)
    assert (standard.blocks, standard.channels, standard.policy, standard.num_actions) == (3, 32, "flat", 7)
    chosen = named_architecture(rules, "6x24")
    assert (chosen.blocks, chosen.channels) == (6, 24)
    assert parameter_count(fresh_network(chosen, 0)) > parameter_count(fresh_network(CONNECT_FOUR, 0))
    with pytest.raises(ArchitectureError, match="huge"):
        named_architecture(rules, "huge")
    with pytest.raises(ArchitectureError, match="lc0_112"):
        named_architecture(rules, fmt="lc0_112")
    with pytest.raises(ArchitectureError, match="connect_four"):
        policy_map(CONNECT_FOUR)
