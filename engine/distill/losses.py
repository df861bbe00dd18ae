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


def soft_policy_loss(policy_logits: Tensor, legal: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Mean cross-entropy in nats of policies [B, A] under the prior over legal actions, samples weighted by [B].

    A whole policy teaches more than its best action: +50 Elo at equal accuracy in Hex (T. Anthony and others, "Thinking
    Fast and Slow with Deep Learning and Tree Search", 2017).
    """
    entropies = -(targets * legal_log_policy(policy_logits, legal)).sum(1)  # [B]
    return (weights * entropies).sum() / weights.sum()


def soft_value_loss(wdl_logits: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Mean cross-entropy in nats of chances of win, draw and loss [B, 3], samples weighted by [B]."""
    entropies = -(targets * functional.log_softmax(wdl_logits, 1)).sum(1)  # [B]
    return (weights * entropies).sum() / weights.sum()


def drift(policy_logits: Tensor, anchor_logits: Tensor, legal: Tensor) -> Tensor:
    """Mean KL divergence in nats of the prior from the parent's: what keeps a child from forgetting."""
    parent = legal_log_policy(anchor_logits, legal)  # [B, A]
    child = legal_log_policy(policy_logits, legal)
    return (parent.exp() * (parent - child)).sum(1).mean()
