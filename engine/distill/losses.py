"""What training minimises. Shape letters: `B` batch, `A` actions."""

from torch import Tensor
from torch.nn import functional

from engine.distill.samples import NOT_KNOWN


def legal_log_policy(policy_logits: Tensor, legal: Tensor) -> Tensor:
    """Log of the prior over legal actions: [B, A], very low where not `legal` [B, A].

    The network is not asked to learn the rules: search masks illegal actions, so training does too.
    """
    return functional.log_softmax(policy_logits.masked_fill(~legal, -1e9), 1)


def policy_loss(policy_logits: Tensor, legal: Tensor, actions: Tensor) -> Tensor:
    """Mean cross-entropy in nats of the actions played [B] under the prior over legal actions."""
    return functional.nll_loss(legal_log_policy(policy_logits, legal), actions)


def value_loss(wdl_logits: Tensor, results: Tensor) -> Tensor:
    """Mean cross-entropy in nats of the results [B] (`samples.WIN`, `DRAW`, `LOSS`; `NOT_KNOWN` teaches nothing)."""
    total = functional.cross_entropy(wdl_logits, results, ignore_index=NOT_KNOWN, reduction="sum")
    return total / (results != NOT_KNOWN).sum().clamp(min=1)
