"""The optimizer: who decays, and who learns at which rate."""

from __future__ import annotations

from itertools import groupby

import torch
from torch import nn

from unspool.config import TrainingConfig
from unspool.nn.embedding import embeddings_of


def optimizer_of(model: nn.Module, config: TrainingConfig) -> torch.optim.Optimizer:
    """Adam (Kingma & Ba 2015) or AdamW (Loshchilov & Hutter 2019); only matrices decay.

    Embeddings have groups of their own, with their share of the learning rate. Groups are runs of parameters in the
    order of the model (of AdamW: matrices, then the rest), so that moments have the same numbers whatever the shares.
    """
    parameters = list(model.parameters())
    shares = {id(part.table.weight): config.embedding_rate or part.share for part in embeddings_of(model)}
    decay = 0.0
    if config.optimizer == "adamw":
        parameters.sort(key=_is_matrix, reverse=True)
        decay = config.weight_decay
    groups = [
        # What decays is pulled by rate and decay together: a faster learner no more than others.
        {"params": list(run), "share": share, "weight_decay": decay / share if matrices else 0.0}
        for (matrices, share), run in groupby(parameters, lambda part: (_is_matrix(part), shares.get(id(part), 1.0)))
    ]
    kind = torch.optim.AdamW if config.optimizer == "adamw" else torch.optim.Adam
    return kind(groups, lr=config.learning_rate, betas=(config.beta1, config.beta2), fused=True)


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """The learning rate of the next update; each group takes its share."""
    for group in optimizer.param_groups:
        group["lr"] = rate * group["share"]


def _is_matrix(parameter: nn.Parameter) -> bool:
    return parameter.dim() > 1
