"""Access to the library `huggingface_hub`: the files of a data set or a model, by the network or from its cache.

Who may read or write what is not public is the library's affair: it reads the token that `hf auth login` stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from unspool.errors import MissingExtra, Mistake

Kind = Literal["dataset", "model"]
MAIN = "main"
NOUNS = {"dataset": "data set", "model": "model"}
PAGES = {"dataset": "huggingface.co/datasets", "model": "huggingface.co/models"}
EXAMPLES = {"dataset": "hub:bentrevett/multi30k", "model": "hub:OWNER/NAME"}
# How long the Hub may take to answer.
SECONDS = 20


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a data set or a model.

    cached:  they are those in the cache, since the Hub did not answer
    commit:  the state that was listed; "" if it is not known
    sha256:  of large files by name, as the Hub has it; git: the same of small ones, as Git hashes a blob
    """

    names: list[str]
    cached: bool = False
    commit: str = ""
    sha256: dict[str, str] = field(default_factory=dict)
    git: dict[str, str] = field(default_factory=dict)


def list_files(name: str, revision: str = "", kind: Kind = "dataset", *, hashes: bool = False) -> Listing:
    """The files of a data set or a model. Without a network, those that are in the cache."""
    with _failures_said(name, revision, kind):
        from huggingface_hub import HfApi, errors

        # Not `list_repo_files`: without a network it tries again for half a minute, and warns each time.
        ask: Any = HfApi().dataset_info if kind == "dataset" else HfApi().model_info
        try:
            return _listing(ask(name, revision=revision or None, timeout=SECONDS, files_metadata=hashes))
        except (errors.RepositoryNotFoundError, errors.RevisionNotFoundError, ValueError):
            raise
        except Exception:
            if cached := _cached(name, revision, kind):
                return Listing(cached, cached=True)
            raise


def _listing(info: Any) -> Listing:
    files = info.siblings or ()
    large = {file.rfilename: file.lfs.sha256 for file in files if file.lfs}
    small = {file.rfilename: file.blob_id for file in files if file.blob_id and not file.lfs}
    return Listing([file.rfilename for file in files], commit=info.sha or "", sha256=large, git=small)


def fetch(name: str, file: str, revision: str = "", kind: Kind = "dataset", *, cached: bool = False) -> Path:
    """The path of a file, which is downloaded if it is not in the cache. cached: only look there."""
    with _failures_said(name, revision, kind):
        from huggingface_hub import hf_hub_download

        return Path(hf_hub_download(name, file, repo_type=kind, revision=revision or None, local_files_only=cached))


def upload(name: str, files: Mapping[str, Path | bytes], message: str, *, private: bool) -> str:
    """Write files into a model of the Hub as one commit, and return the address of the model.

    files: their places, or their contents, by their names there
    private: whether a model that is not there yet is made so that only its owner sees it
    """
    with _failures_said(name, "", "model", writes=True):
        from huggingface_hub import CommitOperationAdd, HfApi

        api = HfApi()
        address = api.create_repo(name, repo_type="model", private=private, exist_ok=True)
        operations = [CommitOperationAdd(inside, path) for inside, path in files.items()]
        api.create_commit(name, operations, commit_message=message, repo_type="model")
        return str(address)


def _cached(name: str, revision: str, kind: Kind) -> list[str]:
    from huggingface_hub import constants, scan_cache_dir

    if not Path(constants.HF_HUB_CACHE).is_dir():
        return []
    wanted = revision or MAIN
    return [
        str(file.file_path.relative_to(one.snapshot_path))
        for repository in scan_cache_dir(constants.HF_HUB_CACHE).repos
        if repository.repo_type == kind and repository.repo_id == name
        for one in repository.revisions
        if wanted in one.refs or one.commit_hash == wanted
        for file in one.files
    ]


@contextmanager
def _failures_said(name: str, revision: str, kind: Kind, *, writes: bool = False) -> Iterator[None]:
    """In this context, errors of the library are a `Mistake`."""
    noun = NOUNS[kind]
    try:
        from huggingface_hub import errors
    except ImportError:
        raise MissingExtra(f"hub:{name}", "hub") from None
    try:
        yield
    except Mistake:
        raise
    except errors.RevisionNotFoundError:
        raise Mistake(f"hub:{name} has no revision '{revision}'.", "Name a branch, a tag or a commit of it.") from None
    except errors.RepositoryNotFoundError:
        what = f"The Hub has no {noun} '{name}', or it is not public."
        remedy = f"Check its name on {PAGES[kind]}; for one that is not public: hf auth login"
        raise Mistake(what, remedy) from None
    except errors.HFValidationError:
        raise Mistake(f"'{name}' cannot be the name of a {noun}.", f"Example: {EXAMPLES[kind]}") from None
    except errors.LocalTokenNotFoundError:
        raise Mistake(f"Writing to hub:{name} needs a token of the Hub.", "Run: hf auth login") from None
    except Exception as error:  # the library's own errors, those of its network client, and of the system
        raise _unreached(name, error, writes) from None


def _unreached(name: str, error: Exception, writes: bool) -> Mistake:
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status in (401, 403):
        done = "write" if writes else "read"
        return Mistake(f"The Hub does not let you {done} hub:{name}.", "Log in as somebody who may: hf auth login")
    reason = " ".join(str(error).split())[:160].rstrip(".") or type(error).__name__
    if writes:
        return Mistake(f"hub:{name} could not be written: {reason}.", "Check the network, and try again.")
    what = f"hub:{name} is not on this machine, and the Hub cannot be reached: {reason}."
    return Mistake(what, "Download it once with a network; later it is read from the cache.")
