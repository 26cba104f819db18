"""The site's pages that do not lie in `docs`, and the links between them.

mkdocs calls the functions whose names begin with `on_` while it builds (`hooks` in mkdocs.yml). They bring the front page,
the list of operations, the examples and the notes for contributors to the site, and turn links that are right in the
repository into links that are right there. They must never write a file in the repository.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from mkdocs.structure.files import File

ROOT = Path(__file__).parents[1]
# Files of the repository, and where the site has them. The folder of operations has two pages that want to be its index.
PAGES = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "bench/README.md": "bench.md",
    "docs/ops/README.md": "ops/all.md",
    "examples/README.md": "examples/index.md",
    **{
        path.relative_to(ROOT).as_posix(): f"examples/{path.parent.name}.md"
        for path in sorted(ROOT.glob("examples/*/README.md"))
    },
}
LINK = re.compile(r"(?<=\]\()([^)\s#:]+)(#[^)\s]*)?(?=\))")


def on_files(files, config):
    """Adds the pages."""
    for there, here in PAGES.items():
        files.append(File.generated(config, here, abs_src_path=str(ROOT / there)))
    return files


def on_page_markdown(markdown, page, config, files):
    """Turns each link, read from the place of its page in the repository, into one from its place on the site."""
    back = {here: there for there, here in PAGES.items()}
    origin = back.get(page.file.src_uri, f"docs/{page.file.src_uri}")

    def turned(link):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(origin), link[1]))
        if not (ROOT / target).exists():
            # Left as it is, so that mkdocs says which page has it.
            return link[0]
        return site_address(target, page, config, files) + (link[2] or "")

    return LINK.sub(turned, markdown)


def site_address(target: str, page, config, files) -> str:
    """Where the site has a file or folder of the repository; the repository's own address where it has none."""
    for candidate in (target, f"{target}/README.md"):
        here = PAGES.get(candidate, candidate.removeprefix("docs/"))
        if (candidate in PAGES or candidate.startswith("docs/")) and files.get_file_from_path(here):
            return posixpath.relpath(here, posixpath.dirname(page.file.src_uri))
    kind = "tree" if (ROOT / target).is_dir() else "blob"
    return f"{config['repo_url'].rstrip('/')}/{kind}/main/{target}"
