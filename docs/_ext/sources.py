"""What is done to a page before it is read, so that the file reads well on its own too.

A fenced block `{generated} NAME` becomes a table made from the code; a link out of this folder leads to the page that
brings that file in, or loses its address; and pages that no table of contents places come last, at `further`.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import tables

if TYPE_CHECKING:
    from sphinx.application import Sphinx

DOCS = Path(__file__).parents[1]
ROOT = DOCS.parent

PAGES = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "CHANGELOG.md": "project/changes.md",
    "benchmarks/README.md": "project/benchmarks.md",
    "verification/README.md": "project/verification.md",
}
"""Files outside this folder, and the pages that stand for them."""

_GENERATED = re.compile(r"^```\{generated\} +(?P<name>[a-z-]+)(?: +(?P<of>[a-z_-]+))?\n```$", re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[(?P<label>[^\]]*)\]\((?P<target>[^)#:]+)(?P<part>#[^)]*)?\)")


def generated(text: str) -> str:
    """Put the tables where they are named."""
    return _GENERATED.sub(lambda found: tables.TABLES[found["name"]](*([found["of"]] if found["of"] else [])), text)


def settled(text: str, folder: Path, page: Path) -> str:
    """Let links of a text that lies in a folder lead somewhere from the page that shows it."""

    def lead(found: re.Match[str]) -> str:
        target = Path(os.path.normpath(folder / found["target"]))
        if not target.exists():
            return found[0]
        if not target.is_relative_to(DOCS):
            stands_for = PAGES.get(target.relative_to(ROOT).as_posix()) if target.is_relative_to(ROOT) else None
            if stands_for is None:
                return found["label"]
            target = DOCS / stands_for
        to = os.path.relpath(target, page.parent)
        return f"[{found['label']}]({to}{found['part'] or ''})"

    return _LINK.sub(lead, text)


def placed(text: str) -> str:
    """Name the pages of this folder that nobody has placed at `further`, in alphabetical order."""
    named = set(re.findall(r"^(?:.*<)?([\w/-]+)>?$", text, re.MULTILINE))
    others = sorted(page.stem for page in DOCS.glob("*.md") if page.stem not in {*named, "index"})
    return re.sub(r"^further$", "\n".join(others), text, flags=re.MULTILINE)


def with_contents(text: str, page: Path) -> str:
    """Let the README of a folder hold the folder's pages together, as an index does; its own file need not say so."""
    if page.name != "README.md" or page.parent == DOCS:
        return text
    return f"{text}\n```{{toctree}}\n:hidden:\n:glob:\n\n*\n```\n"


def _read(app: Sphinx, docname: str, content: list[str]) -> None:
    page = Path(app.env.doc2path(docname))
    if page.suffix == ".md":
        text = placed(content[0]) if docname == app.config.root_doc else with_contents(content[0], page)
        content[0] = settled(generated(text), page.parent, page)


def _included(app: Sphinx, file: Path, docname: str, content: list[str]) -> None:  # noqa: ARG001
    # MyST gives the last part of the page's name only; the page that is being read is known elsewhere too.
    page = Path(app.env.doc2path(app.env.docname))
    content[0] = settled(content[0], (DOCS / file).resolve().parent, page)


def setup(app: Sphinx) -> dict[str, bool]:
    """Enter it into a build."""
    app.connect("source-read", _read)
    app.connect("include-read", _included)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
