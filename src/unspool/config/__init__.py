"""Every setting and its default, written once.

A run is one `RunConfig`. A configuration file (TOML) and `--set section.key=value` go through the same validation. An
error about an unknown key suggests the nearest known one. The structure is the same everywhere: sections `model`,
`data`, `training`, `decoding` and `series`, and a few keys outside the sections.
"""

from unspool.config.data import DataConfig
from unspool.config.decoding import DecodingConfig
from unspool.config.run import RunConfig, resolve, validated
from unspool.config.settings import Settings
from unspool.config.training import TrainingConfig

__all__ = ["DataConfig", "DecodingConfig", "RunConfig", "Settings", "TrainingConfig", "resolve", "validated"]
