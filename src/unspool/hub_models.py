"""`hub:OWNER/NAME`: a model of the Hugging Face Hub, as a folder on this machine.

    hub:OWNER/NAME             the newest
    hub:OWNER/NAME@REVISION    of this branch, tag or commit

Only the files of a trained or exported folder are downloaded, by their names, and every one is compared with the hash
that the Hub has of it. Later they are read from the cache of the library huggingface_hub, also without a network.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import NamedTuple

from unspool import folder as disk
from unspool.data import hub_library
from unspool.data.hub import PREFIX
from unspool.data.hub_library import Listing
from unspool.errors import Mistake
from unspool.runtime.manifest import ENCODER, MANIFEST, STEP

CARD = "README.md"
# What a model on the Hub consists of. Data, checkpoints and logs of training stay at home.
OF_A_MODEL = (
    CARD, disk.RUN, *disk.FIELDS.values(), disk.LEXICON, *disk.ALONG, disk.WEIGHTS, MANIFEST, ENCODER, STEP,
)  # fmt: skip
# Whoever uses a model needs the licence of its data, too.
LICENCES = "LICENSE"
_WHOLE = re.compile(r"(?P<name>[^/@:]+/[^/@:]+)(?:@(?P<revision>[^:]+))?", re.ASCII)


class HubModel(NamedTuple):
    """A model by its name, perhaps of a revision; "": the usual one."""

    name: str
    revision: str = ""


def hub_model(given: Path) -> HubModel | None:
    """The model that a path names; None if it names a folder."""
    if not (text := given.as_posix()).startswith(PREFIX):
        return None
    found = _WHOLE.fullmatch(text.removeprefix(PREFIX))
    if found is None:
        raise Mistake(f"{text} does not name a model of the Hub.", "Write hub:OWNER/NAME, or hub:OWNER/NAME@REVISION")
    return HubModel(found["name"], found["revision"] or "")


def fetch_model(model: HubModel) -> Path:
    """The folder of a model on this machine; what is missing there is downloaded, and its hash checked."""
    listed = hub_library.list_files(model.name, model.revision, "model", hashes=True)
    names = [name for name in listed.names if name in OF_A_MODEL or name.startswith(LICENCES)]
    if disk.RUN not in names:
        what = f"{PREFIX}{model.name} holds no model of unspool: it has no {disk.RUN}."
        raise Mistake(what, "Name a model that 'unspool push' wrote.")
    revision = listed.commit or model.revision
    paths = {name: hub_library.fetch(model.name, name, revision, "model", cached=listed.cached) for name in names}
    for name, path in paths.items():
        _refuse_changed(model, name, path, listed)
    return paths[disk.RUN].parent


def _refuse_changed(model: HubModel, name: str, path: Path, listed: Listing) -> None:
    content = path.read_bytes()
    blob = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
    expected = listed.sha256.get(name), listed.git.get(name)
    found = hashlib.sha256(content).hexdigest(), blob
    if any(wanted is not None and wanted != has for wanted, has in zip(expected, found, strict=True)):
        what = f"{name} of {PREFIX}{model.name} is not what the Hub has: its hash is another."
        raise Mistake(what, f"Delete it, so that it is downloaded again: {path.resolve()}")
