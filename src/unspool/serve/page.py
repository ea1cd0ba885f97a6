"""What a browser sees at `/`: which models there are, and where to ask them."""

from __future__ import annotations

from unspool.report.page import page
from unspool.serve.service import Service
from unspool.visible import as_html

# The page has no script and fetches nothing.
HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'", "Referrer-Policy": "no-referrer"}
ASK = """<h2>Ask</h2>
<p><code>POST /v1/predict</code> with <code>{"source": "…"}</code>; everything else is described in
<a href="openapi.json">openapi.json</a>. <code>/health</code>, <code>/ready</code> and <code>/metrics</code> tell how
the server is.</p>"""


def front_page(service: Service) -> str:
    """A plain page in HTML."""
    rows = "".join(_row(served.to_json()) for served in service.models.values())
    table = f"<table><tr><th>model</th><th></th><th>reads</th><th>writes</th></tr>{rows}</table>"
    key = "<p>Questions need an API key.</p>" if service.keys else ""
    return page("Unspool", ["<h2>Models</h2>", table, ASK, key])


def _row(model: dict[str, str]) -> str:
    cells = "".join(f"<td>{as_html(model[name])}</td>" for name in ("id", "architecture", "reads", "writes"))
    return f"<tr>{cells}</tr>"
