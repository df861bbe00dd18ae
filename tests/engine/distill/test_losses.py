import math

import pytest
import torch

from engine.distill.losses import legal_log_policy, policy_loss, value_loss
from engine.distill.samples import DRAW, LOSS, NOT_KNOWN, WIN


def test_illegal_actions_have_no_part_in_the_prior() -> None:
    logits = torch.tensor([[1.0, 50.0, 1.0]])
    legal = torch.tensor([[True, False, True]])
    assert legal_log_policy(logits, legal).exp()[0].tolist() == pytest.approx([0.5, 0.0, 0.5])
    assert policy_loss(logits, legal, torch.tensor([2])).item() == pytest.approx(math.log(2))


def test_policy_loss_is_the_mean_over_the_batch() -> None:
    logits = torch.log(torch.tensor([[0.25, 0.75], [0.5, 0.5]]))
    legal = torch.ones(2, 2, dtype=torch.bool)
    expected = -(math.log(0.75) + math.log(0.5)) / 2
    assert policy_loss(logits, legal, torch.tensor([1, 0])).item() == pytest.approx(expected)


@pytest.mark.parametrize(("result", "chance"), [(WIN, 0.7), (DRAW, 0.2), (LOSS, 0.1)])
def test_the_first_output_is_the_chance_to_win(result: int, chance: float) -> None:
    logits = torch.log(torch.tensor([[0.7, 0.2, 0.1]]))
    assert value_loss(logits, torch.tensor([result])).item() == pytest.approx(-math.log(chance))


def test_unknown_results_teach_nothing() -> None:
    logits = torch.log(torch.tensor([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]])).requires_grad_()
    loss = value_loss(logits, torch.tensor([WIN, NOT_KNOWN]))
    assert loss.item() == pytest.approx(-math.log(0.7)), "nor do they thin out the others"
    torch.autograd.backward(loss)
    assert logits.grad is not None
    assert logits.grad[1].abs().sum() == 0
    assert value_loss(logits, torch.tensor([NOT_KNOWN, NOT_KNOWN])).item() == 0.0
