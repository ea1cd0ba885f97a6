"""A folder that any host serves, and one file that opens from a disk."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import posixpath
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from servers import exported
from unspool.errors import Mistake
from unspool.export.single_file import SPECIFIER
from unspool.export.web import export_web
from web_runtime import FILES

MODELS = ("bahdanau", "classifier", "columns", "copying", "graves", "han", "korean", "tagger", "transformer")


def made(out: Path, *models: str, **options: Any) -> Path:
    return export_web(models or [str(exported("luong"))], out, runtime=FILES, **options).path


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", MODELS)
def test_every_model_of_texts_is_described_without_the_machine_that_trained_it(name: str, tmp_path: Path) -> None:
    site = made(tmp_path / "site", f"{name}={exported(name)}")
    model = json.loads((site / "models" / name / "model.json").read_text())
    [listed] = json.loads((site / "models.json").read_text())
    assert model["id"] == listed["id"] == name and model["manifest"]["state"]
    assert {"kind", "ends", "folding", "tokenizer"} <= set(model["source"])
    for graph in ("encoder.onnx", "step.onnx"):
        assert (site / "models" / name / graph).read_bytes() == (exported(name) / graph).read_bytes()
    run = json.loads((exported(name) / "run.json").read_text())
    paths = [path for some in run["facts"]["files"].values() for path in some]
    assert paths and not any(path in (site / "models" / name / "model.json").read_text() for path in paths)


def test_a_site_holds_all_that_it_names_and_names_no_other_host(tmp_path: Path) -> None:
    site = files_of(made(tmp_path / "site"))
    named = {
        path: re.findall(r'(?:src|href)="([^"]+)"', site[path].decode()) for path in site if path.endswith(".html")
    }
    ours = {path: content.decode() for path, content in site.items() if path.endswith(".js")}
    named |= {path: [found[1] for found in SPECIFIER.findall(script)] for path, script in ours.items()}
    for path, names in named.items():
        for name in names:
            there = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
            assert name == "data:," or there in site, (path, name)
    assert not any("//" in name for names in named.values() for name in names)
    assert sum(map(len, named.values())) > 40
    assert b"MIT License" in site["onnxruntime/LICENSE.txt"] and site["onnxruntime/ort.wasm.min.mjs"]


def test_a_site_is_replaced_only_when_asked_and_keeps_what_a_person_put_there(tmp_path: Path) -> None:
    site = made(tmp_path / "site", f"old={exported('luong')}", f"both={exported('luong')}")
    (site / "CNAME").write_text("example.org")
    with pytest.raises(Mistake, match="already holds a page"):
        made(site)
    made(site, f"both={exported('korean')}", overwrite=True)
    assert (site / "CNAME").exists() and {path.name for path in (site / "models").iterdir()} == {"both"}
    assert [model["id"] for model in json.loads((site / "models.json").read_text())] == ["both"]
    assert not [path for path in site.iterdir() if path.name.startswith(".")]


def test_places_that_are_taken(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(Mistake, match="is a file, and a page needs a folder"):
        made(tmp_path / "file")
    with pytest.raises(Mistake, match="is a folder, and a file"):
        made(tmp_path, single_file=True)
    with pytest.raises(Mistake, match="is there already"):
        made(tmp_path / "file", single_file=True)
    strange = tmp_path / "strange"
    strange.mkdir()
    (strange / "index.html").write_text("mine")
    with pytest.raises(Mistake, match=r"index\.html is there already"):
        made(strange)
    assert (strange / "index.html").read_text() == "mine" and len([*strange.iterdir()]) == 1


def test_names_are_parts_of_addresses_and_differ(tmp_path: Path) -> None:
    site = made(tmp_path / "site", f"a b/../발음?={exported('luong')}", str(exported("korean")))
    assert {path.name for path in (site / "models").iterdir()} == {"a-b-..-발음", "exported"}
    with pytest.raises(Mistake, match="Two models are called 'exported'"):
        made(tmp_path / "other", str(exported("luong")), str(exported("korean")))
    with pytest.raises(Mistake, match="No model was given"):
        export_web([], tmp_path / "other", runtime=FILES)
    with pytest.raises(Mistake, match="There is no model"):
        made(tmp_path / "other", str(tmp_path / "nothing"))


def test_an_exported_model_is_not_quantized_again(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="is exported already"):
        made(tmp_path / "site", quantize="int8")
    assert not (tmp_path / "site").exists()


class Elements(HTMLParser):
    """The scripts of a page with their attributes and contents, and the addresses that it names."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.addresses: list[str | None] = []
        self.policies: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.addresses += [given[name] for name in ("src", "href") if name in given]
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policies.append(str(given["content"]))
        if tag == "script":
            self.scripts.append((given, ""))
        self.inside = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            given, before = self.scripts[-1]
            self.scripts[-1] = given, before + data


def test_a_single_file_holds_everything_and_lets_nothing_else_in(tmp_path: Path) -> None:
    site = files_of(made(tmp_path / "site", f"m={exported('luong')}"))
    page = made(tmp_path / "page.html", f"m={exported('luong')}", single_file=True)
    read = Elements()
    read.feed(page.read_text())
    assert not [address for address in read.addresses if address != "data:,"]
    held = {
        given["data-path"]: gzip.decompress(base64.b64decode(text))
        for given, text in read.scripts
        if "data-path" in given
    }
    assert held == {
        path: content for path, content in site.items()
        if path.startswith(("models", "onnxruntime")) and not path.endswith((".mjs", "/LICENSE.txt"))
    }  # fmt: skip
    [policy] = read.policies
    inline = [text for given, text in read.scripts if given["type"] in ("module", "importmap")]
    for script in inline:
        assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in policy
    assert "default-src 'none'" in policy and "http" not in policy and "MIT License" in page.read_text()


def test_modules_of_a_single_file_find_each_other(tmp_path: Path) -> None:
    page = made(tmp_path / "page.html", single_file=True).read_text()
    [text] = re.findall(r'<script type="importmap">(.*?)</script>', page)
    addresses = json.loads(text)["imports"]
    scripts = {path: base64.b64decode(address.partition(",")[2]).decode() for path, address in addresses.items()}
    for path, script in scripts.items():
        assert not SPECIFIER.findall(script.replace('import("./other.mjs")', "")) or path.startswith("onnxruntime"), (
            path
        )
        assert "import.meta" not in script
        for name in re.findall(r'(?:^|\n)import[^"\n]*"([^"]+)"', script):
            assert name in addresses, (path, name)
    assert made(tmp_path / "page.html", single_file=True, overwrite=True).read_text() == page  # byte for byte
