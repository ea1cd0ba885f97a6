"""The optimizer, with the weight decay, learning rate and kind of update of each parameter."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import torch
from torch import Tensor, nn

from unspool.config import TrainingConfig
from unspool.nn.parameters import mark_of
from unspool.training.muon import Muon
from unspool.training.team import Team


def optimizer_of(model: nn.Module, config: TrainingConfig, team: Team | None = None) -> torch.optim.Optimizer:
    """Adam (Kingma & Ba 2015), AdamW (Loshchilov & Hutter 2019) without decay of biases, or Muon with AdamW.

    Embeddings have their own groups with a factor of the learning rate. Groups follow the order of the model's
    parameters, but Muon's matrices come first, and then (except for Adam) parameters with decay before those without.
    So the moments' numbers do not depend on the factors. Muon's products are divided among the team.
    """
    parameters = list(model.parameters())
    inner = {id(weight) for weight in inner_matrices(model)} if config.optimizer == "muon" else set[int]()
    decay = 0.0
    if config.optimizer != "adam":
        parameters.sort(key=lambda part: (id(part) in inner, _decays(part)), reverse=True)
        decay = config.weight_decay
    groups = [
        # Decay is multiplied by the learning rate, so it is divided by the factor: it stays the same for all.
        {"params": list(run), "orthogonal": moved, "share": share, "weight_decay": decay / share if decays else 0.0}
        for (moved, decays, share), run in groupby(
            parameters, lambda part: (id(part) in inner, _decays(part), _share(part, config))
        )
    ]
    adam: dict[str, Any] = {"lr": config.learning_rate, "betas": (config.beta1, config.beta2), "fused": True}
    match config.optimizer:
        case "muon":
            return Muon(groups, team, **adam)
        case "adamw":
            return torch.optim.AdamW(groups, **adam)
    return torch.optim.Adam(groups, **adam)


def inner_matrices(model: nn.Module) -> list[Tensor]:
    """The matrices between embeddings and output, without those of a single row or column."""
    return [part for part in model.parameters() if mark_of(part).role == "inside" and min(part.shape) > 1]


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """Set the learning rate of the next update, multiplied by each group's factor."""
    for group in optimizer.param_groups:
        group["lr"] = rate * group["share"]


def _decays(parameter: nn.Parameter) -> bool:
    return mark_of(parameter).role != "bias"


def _share(parameter: nn.Parameter, config: TrainingConfig) -> float:
    """The factor of the learning rate."""
    role, rate, _ = mark_of(parameter)
    return (config.embedding_rate or rate) if role == "embedding" else rate
