"""The models of the story: trained one after another, each kept in a folder that a later call finds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from unspool import folder as disk
from unspool import runs
from unspool.data.inputs import Files
from unspool.fitting import Run
from unspool.recipes.training import Screen
from unspool.story.lessons import Lesson
from unspool.story.tables import VALIDATED

# What was trained, for how many times the usual minutes, in how many seconds and updates.
TRAINED = "trained.json"


class StoryModels:
    """Trains into `models/NAME` of a folder. minutes: of all lessons together; scale: relative to the usual ones."""

    def __init__(self, out: Path, minutes: float, scale: float, screen: Screen) -> None:
        self.out, self.minutes, self.scale, self.screen = out, minutes, scale, screen

    @cached_property
    def trained(self) -> dict[str, dict[str, Any]]:
        """By the names of lessons: what is kept of earlier calls, and of this one."""
        path = self.out / TRAINED
        return disk.read_json(path) if path.exists() else {}

    def train(self, lessons: Sequence[Lesson], tables: dict[str, Files]) -> None:
        """Train what is not trained for as long yet; a lesson that was stopped in the middle goes on."""
        shares = sum(lesson.share for lesson in lessons)
        limits = [self.minutes * lesson.share / shares for lesson in lessons]
        for number, (lesson, limit) in enumerate(zip(lessons, limits, strict=True)):
            if self._is_trained(lesson):
                continue
            left = sum(limits[number:])
            which = f"Model {number + 1} of {len(lessons)}, {lesson.name}"
            self.screen.say(f"{which}: at most {limit:.1f} min, and with all that follow at most {left:.1f} min.")
            run = self._train(lesson, limit, tables[lesson.table])
            self.trained[lesson.name] = {
                "scale": self.scale, "seconds": round(run.progress.seconds, 1), "updates": run.progress.update,
            }  # fmt: skip
            disk.write_json(self.out / TRAINED, self.trained)

    def folder(self, name: str) -> Path:
        """The trained folder of a lesson."""
        return self.out / "models" / name

    def _is_trained(self, lesson: Lesson) -> bool:
        """Whether it is there, and learned for as many minutes."""
        scale: float = self.trained.get(lesson.name, {}).get("scale", 0.0)
        return scale >= self.scale and disk.holds_a_run(self.folder(lesson.name))

    def _train(self, lesson: Lesson, minutes: float, files: Files) -> Run:
        folder, settings = self.folder(lesson.name), lesson.settings(self.scale, VALIDATED)
        settings["training"]["max_minutes"] = minutes
        with self.screen.training() as on_report:
            if disk.holds_a_run(folder):
                changes = {"training": {key: settings["training"][key] for key in ("max_minutes", "max_updates")}}
                return runs.resume(folder, changes, files, on_report=on_report, on_message=lambda message: None)
            return runs.begin(files, folder, settings, on_report=on_report, on_message=lambda message: None)
