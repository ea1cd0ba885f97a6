"""The optimizer: who decays, who learns at which rate, and which matrices move by orthogonal steps."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import torch
from torch import Tensor, nn

from unspool.config import TrainingConfig
from unspool.nn.class_head import ClassHead
from unspool.nn.embedding import embeddings_of
from unspool.nn.heads import CategoricalHead
from unspool.training.muon import Muon


def optimizer_of(model: nn.Module, config: TrainingConfig) -> torch.optim.Optimizer:
    """Adam (Kingma & Ba 2015), AdamW (Loshchilov & Hutter 2019), where only matrices decay, or Muon with AdamW.

    Embeddings have groups of their own, with their share of the learning rate. Groups are runs of parameters in the
    order of the model (of Muon: those that it moves first; but for Adam: matrices, then the rest), so that moments
    have the same numbers whatever the shares.
    """
    parameters = list(model.parameters())
    shares = {id(part.table.weight): config.embedding_rate or part.share for part in embeddings_of(model)}
    inner = {id(weight) for weight in inner_matrices(model)} if config.optimizer == "muon" else set[int]()
    decay = 0.0
    if config.optimizer != "adam":
        parameters.sort(key=lambda part: (id(part) in inner, _is_matrix(part)), reverse=True)
        decay = config.weight_decay
    groups = [
        # What decays is pulled by rate and decay together: a faster learner no more than others.
        {"params": list(run), "orthogonal": moved, "share": share, "weight_decay": decay / share if matrices else 0.0}
        for (moved, matrices, share), run in groupby(
            parameters, lambda part: (id(part) in inner, _is_matrix(part), shares.get(id(part), 1.0))
        )
    ]
    adam: dict[str, Any] = {"lr": config.learning_rate, "betas": (config.beta1, config.beta2), "fused": True}
    match config.optimizer:
        case "muon":
            return Muon(groups, **adam)
        case "adamw":
            return torch.optim.AdamW(groups, **adam)
    return torch.optim.Adam(groups, **adam)


def inner_matrices(model: nn.Module) -> list[Tensor]:
    """The matrices between embeddings and output: weights of linear maps that are neither a row nor a column."""
    heads = [part for part in model.modules() if isinstance(part, CategoricalHead | ClassHead)]
    outside = {id(head.projection) for head in heads}
    linears = [part for part in model.modules() if isinstance(part, nn.Linear) and id(part) not in outside]
    return [linear.weight for linear in linears if min(linear.weight.shape) > 1]


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """The learning rate of the next update; each group takes its share."""
    for group in optimizer.param_groups:
        group["lr"] = rate * group["share"]


def _is_matrix(parameter: nn.Parameter) -> bool:
    return parameter.dim() > 1
