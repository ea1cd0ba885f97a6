"""What is compared: the data, the models, the seeds, and the minutes of each run; what does not fit is refused."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unspool import folder as disk
from unspool.config import RunConfig, resolve
from unspool.config.values import merged
from unspool.data.fingerprint import fingerprint
from unspool.data.inputs import Files
from unspool.errors import Mistake
from unspool.models.registry import models
from unspool.tasks import task_of
from unspool.types import Task

FORMAT = 1
PLAN, RUNS, RESULTS = "comparison.json", "runs", "results"
# A tenth is held out, because half of it selects the best weights and the other half is the test.
DEFAULTS: dict[str, Any] = {"data": {"held_out": 0.1, "held_out_most": 2000}}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison as it was asked for.

    minutes: of each model and seed: reading, training, validation and final evaluation together
    values:  plain values of settings, for all models
    """

    files: Files
    out: Path
    models: tuple[str, ...]
    seeds: int
    minutes: float
    values: dict[str, Any]

    def values_of(self, model: str, seed: int) -> dict[str, Any]:
        """The settings of one run."""
        settings = self.values.get("model", {})
        given = {} if isinstance(settings, str) else settings
        return self._with_defaults() | {"model": {**given, "name": model}, "seed": seed}

    def config_of(self, model: str) -> RunConfig:
        """The checked settings of a model."""
        return resolve(self.values_of(model, 1))

    def task(self) -> Task:
        """The task of all models; one that does not fit the data, or the first model's task, is a `Mistake`.

        Texts that are read as documents are texts here.
        """
        if not self.models:
            raise Mistake("No models were given to compare.", "Name some: --models luong,transformer")
        tasks = {name: _plain(task_of(self.config_of(name), self.files)) for name in self.models}
        first = self.models[0]
        for name, task in tasks.items():
            if task != tasks[first]:
                what = f"A {name} writes {task.target} and a {first} writes {tasks[first].target}"
                fitting = [other for other in models() if other != first and self._fits(other, tasks[first])]
                raise Mistake(
                    f"{what}: they cannot be compared.", f"Models to compare with {first}: {', '.join(fitting)}."
                )
        return tasks[first]

    def begin(self) -> None:
        """Write what is compared, or check that this folder holds results of the same comparison.

        Models and seeds may be added; other data, minutes or settings are a `Mistake`.
        """
        plan = {
            "format": FORMAT,
            "fingerprint": fingerprint(self.files.paths()),
            "minutes": self.minutes,
            "settings": self.values,
        }
        path = self.out / PLAN
        if not path.exists():
            if disk.holds_a_run(self.out) or self.out.is_file():
                raise Mistake(f"{self.out} is not a folder for a comparison.", "Give another --out.")
            disk.write_json(path, plan | {"files": self.files.to_json()})
            return
        before = disk.read_json(path)
        for name, value in plan.items():
            if before.get(name) != value:
                what = "data" if name == "fingerprint" else name
                raise Mistake(f"{self.out} holds a comparison with other {what}.", "Give another --out.")

    def _fits(self, model: str, task: Task) -> bool:
        try:
            return _plain(task_of(self.config_of(model), self.files)) == task
        except Mistake:
            return False

    def _with_defaults(self) -> dict[str, Any]:
        return merged(DEFAULTS, self.values)


def _plain(task: Task) -> Task:
    return task._replace(source="text") if task.source == "document" else task
