"""The tree of a search as inline SVG: time to the right, one path for each answer; it moves by arrow keys."""

from __future__ import annotations

from collections.abc import Sequence

from unspool.explain.panel_words import SEARCH_TREE
from unspool.explain.pictures import labels
from unspool.explain.search_tree import TreeNode
from unspool.report.tables import shown

# Of a step and of a row, and of a node inside them; letters that fit into a node.
ACROSS, DOWN, WIDE, HIGH, LETTERS = 76, 34, 58, 22, 7


STYLE = """
.tree { margin: 1.2rem 0 }
.tree svg { max-width: none }
.tree rect { fill: var(--above); stroke: var(--faint) }
.tree path { fill: none; stroke: var(--faint); stroke-width: 1.2 }
.tree .best { stroke: var(--strong); stroke-width: 3 }
.tree .ended rect { stroke-width: 3; stroke: var(--strong) }
.tree .lost { opacity: .75 }
.tree .lost rect { stroke-dasharray: 3 3 }
.tree text.on { fill: var(--ground) }
.tree .here rect { stroke: var(--below); stroke-width: 4; stroke-dasharray: none }
.tree svg:focus-visible { outline: 3px solid var(--strong); outline-offset: 2px }
"""


def tree_svg(nodes: Sequence[TreeNode], language: str) -> str:
    """The tree with what its script needs; the darker a node, the more probable its token."""
    width = ACROSS * (max(node.depth for node in nodes) + 1)
    height = DOWN * (max(node.row for node in nodes) + 1)
    name = SEARCH_TREE["name"][language].format(max(node.depth for node in nodes), len(nodes) - 1)
    edges = "".join(_edge(nodes[node.parent], node) for node in nodes[1:])
    boxes = "".join(_node(node, language) for node in nodes)
    size = f'style="width:{width}px;height:{height}px" viewBox="0 0 {width} {height}"'
    role = f'role="application" aria-roledescription="{SEARCH_TREE["kind"][language]}" aria-label="{shown(name)}"'
    return (
        f'<figure class="tree"><div class="wide"><svg {size} tabindex="0" {role}>{edges}{boxes}</svg></div>'
        '<output aria-live="polite"></output></figure>'
    )


def _edge(parent: TreeNode, node: TreeNode) -> str:
    begin, end = ACROSS * parent.depth + WIDE + 4, ACROSS * node.depth + 4
    high, low = (DOWN * row + DOWN / 2 for row in (parent.row, node.row))
    bend = (begin + end) / 2
    kind = ' class="best"' if node.answer == 1 else ""
    return f'<path{kind} d="M{begin} {high}C{bend} {high} {bend} {low} {end} {low}"/>'


def _node(node: TreeNode, language: str) -> str:
    """A box with its token; what there is to say of it is its title and is read by the script."""
    kinds = " ".join(["ended"] * node.finished + ["lost"] * (node.answer is None))
    x, y = ACROSS * node.depth + 4, DOWN * node.row + (DOWN - HIGH) / 2
    (token,) = labels([node.token]) if node.depth else [SEARCH_TREE["root"][language]]
    short = token if len(token) <= LETTERS else token[: LETTERS - 1] + "…"
    strength = 0.0 if not node.depth else node.share
    on = ' class="on"' if strength > 0.55 else ""
    return (
        f'<g class="{kinds}" data-parent="{node.parent}"><title>{shown(_said(node, token, language))}</title>'
        f'<rect x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="5" fill-opacity="{strength:.2f}"/>'
        f'<text{on} x="{x + WIDE / 2}" y="{y + 15}" text-anchor="middle">{shown(short)}</text></g>'
    )


def _said(node: TreeNode, token: str, language: str) -> str:
    if not node.depth:
        return token
    words = {name: texts[language] for name, texts in SEARCH_TREE.items()}
    end = words["given_up"] if node.answer is None else words["answer"].format(node.answer)
    return words["node"].format(depth=node.depth, token=token, share=node.share, score=node.score, end=end)
