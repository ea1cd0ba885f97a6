"""A site as one HTML file that opens from a disk, where a browser fetches nothing, not even a module.

Style sheets stand in the page. Each module is a `data:` address in an import map, and modules name each other by bare
names, which the map resolves. Models and WebAssembly are elements, compressed with gzip and written in base64.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import posixpath
import re
from html import escape

from unspool.export.web_site import INDEX, LICENSE, LISTED, MODELS, RUNTIME, Site

STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)"\s*/?>')
MODULE = re.compile(r'<script type="module" src="([^"]+)"></script>')
POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=)"[^"]*"')
# `from "./name.js"`, `import "./name.js"` and `import("./name.js")`: how modules of ours name others.
SPECIFIER = re.compile(r'((?:\bfrom\s*|\bimport\s*\(?\s*))"(\.{1,2}/[^"]+)"')
SCRIPTS = (".js", ".mjs")


def single_file_of(site: Site) -> str:
    """The page with everything in it."""
    index = site[INDEX].decode()
    scripts = {path: content.decode() for path, content in site.items() if path.endswith(SCRIPTS)}
    addresses = {path: _address(_bare(path, script)) for path, script in scripts.items()}
    import_map = json.dumps({"imports": addresses})
    start = "".join(f'import "{path}";' for path in map(_clean, MODULE.findall(index)))
    index = STYLE.sub(lambda found: f"<style>\n{site[_clean(found[1])].decode()}</style>", index)
    index = MODULE.sub("", index)
    tail = "\n".join([*_elements(site), f'<script type="module">{start}</script>'])
    rules = "; ".join(_rules(import_map, start))
    index = POLICY.sub(lambda found: f'{found[1]}"{rules}"', index)
    index = index.replace("</head>", f'<script type="importmap">{import_map}</script>\n</head>', 1)
    return index.replace("</body>", f"{tail}\n</body>", 1)


def _elements(site: Site) -> list[str]:
    """The files that the page reads while it runs, and the licence for whoever reads it."""
    read = [path for path in site if path == LISTED or path.startswith((f"{MODELS}/", f"{RUNTIME}/"))]
    elements = [_element(path, site[path]) for path in read if path != LICENSE and not path.endswith(SCRIPTS)]
    return [f"<!--\n{site[LICENSE].decode().strip()}\n-->", *elements]


def _element(path: str, content: bytes) -> str:
    packed = base64.b64encode(content if path.endswith(".gz") else gzip.compress(content, mtime=0)).decode()
    return f'<script type="application/gzip" data-path="{escape(path)}">{packed}</script>'


def _bare(path: str, script: str) -> str:
    """A module that names others from the root of the site, as the import map does.

    ONNX Runtime makes addresses from that of its own module; a `data:` address is none to start from, the page's is.
    """
    folder = posixpath.dirname(path)
    script = script.replace("import.meta.url", "document.baseURI")
    return SPECIFIER.sub(lambda found: f'{found[1]}"{posixpath.normpath(posixpath.join(folder, found[2]))}"', script)


def _address(script: str) -> str:
    return f"data:text/javascript;base64,{base64.b64encode(script.encode()).decode()}"


def _clean(path: str) -> str:
    return posixpath.normpath(path)


def _rules(import_map: str, start: str) -> list[str]:
    """Only the scripts of this file run, and nothing is fetched."""
    hashes = " ".join(f"'sha256-{_hash(script)}'" for script in (import_map, start))
    return [
        "default-src 'none'", f"script-src {hashes} data: 'wasm-unsafe-eval'", "style-src 'unsafe-inline'",
        "img-src data:", "base-uri 'none'", "form-action 'none'",
    ]  # fmt: skip


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
