"""Access to the library `huggingface_hub`: the files of a data set, by the network or from the library's cache."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from unspool.errors import MissingExtra, Mistake

KIND, MAIN = "dataset", "main"
# How long the Hub may take to answer.
SECONDS = 20


class Listing(NamedTuple):
    """The names of a data set's files; cached: they are those in the cache, since the Hub did not answer."""

    names: list[str]
    cached: bool = False


def list_files(name: str, revision: str = "") -> Listing:
    """The files of a data set. Without a network, those that are in the cache."""
    with _failures_said(name, revision):
        from huggingface_hub import HfApi, errors

        try:
            # Not `list_repo_files`: without a network it tries again for half a minute, and warns each time.
            info = HfApi().dataset_info(name, revision=revision or None, timeout=SECONDS)
            return Listing([file.rfilename for file in info.siblings or ()])
        except (errors.RepositoryNotFoundError, errors.RevisionNotFoundError, ValueError):
            raise
        except Exception:
            if cached := _cached(name, revision):
                return Listing(cached, cached=True)
            raise


def fetch(name: str, file: str, revision: str = "", *, cached: bool = False) -> Path:
    """The path of a file of a data set, which is downloaded if it is not in the cache. cached: only look there."""
    with _failures_said(name, revision):
        from huggingface_hub import hf_hub_download

        return Path(hf_hub_download(name, file, repo_type=KIND, revision=revision or None, local_files_only=cached))


def _cached(name: str, revision: str) -> list[str]:
    from huggingface_hub import constants, scan_cache_dir

    if not Path(constants.HF_HUB_CACHE).is_dir():
        return []
    wanted = revision or MAIN
    return [
        str(file.file_path.relative_to(one.snapshot_path))
        for repository in scan_cache_dir(constants.HF_HUB_CACHE).repos
        if repository.repo_type == KIND and repository.repo_id == name
        for one in repository.revisions
        if wanted in one.refs or one.commit_hash == wanted
        for file in one.files
    ]


@contextmanager
def _failures_said(name: str, revision: str) -> Iterator[None]:
    """In this context, errors of the library are a `Mistake`."""
    try:
        from huggingface_hub import errors
    except ImportError:
        raise MissingExtra(f"Reading hub:{name}", "hub") from None
    try:
        yield
    except Mistake:
        raise
    except errors.RevisionNotFoundError:
        raise Mistake(f"hub:{name} has no revision '{revision}'.", "Name a branch, a tag or a commit of it.") from None
    except errors.RepositoryNotFoundError:
        what = f"The Hub has no data set '{name}', or it is not public."
        remedy = "Check its name on huggingface.co/datasets; for one that is not public: hf auth login"
        raise Mistake(what, remedy) from None
    except errors.HFValidationError:
        raise Mistake(f"'{name}' cannot be the name of a data set.", "Example: hub:bentrevett/multi30k") from None
    except Exception as error:  # the library's own errors, those of its network client, and of the system
        reason = " ".join(str(error).split())[:160].rstrip(".") or type(error).__name__
        what = f"hub:{name} is not on this machine, and the Hub cannot be reached: {reason}."
        raise Mistake(what, "Download it once with a network; later it is read from the cache.") from None
