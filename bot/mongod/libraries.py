"""The shared libraries that a mongod from a wheel wants and other wheels carry under hashed names."""

import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

_HASHED = re.compile(r"^(?P<stem>lib(?:curl|ssl|crypto))-[0-9a-f]{8}\.so\.(?P<version>[0-9.]+)$")
_SONAMES = {
    ("libcurl", "4"): "libcurl.so.4",
    ("libssl", "1"): "libssl.so.1.1",
    ("libcrypto", "1"): "libcrypto.so.1.1",
    ("libssl", "3"): "libssl.so.3",
    ("libcrypto", "3"): "libcrypto.so.3",
}


def library_links(files: Iterable[Path]) -> dict[str, Path]:
    """Say under which names the libraries must be found.

    Each keeps its own hashed name, under which the others ask for it; the ones mongod asks for get their
    plain name besides.
    """
    links: dict[str, Path] = {}
    for file in files:
        links[file.name] = file
        match = _HASHED.match(file.name)
        soname = match and _SONAMES.get((match["stem"], match["version"].partition(".")[0]))
        if soname:
            links[soname] = file
    return links


def link_libraries(folder: Path, links: Mapping[str, Path]) -> None:
    """Make ``folder`` hold just these links: an upgraded or moved environment leaves none behind."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, target in links.items():
        (folder / name).symlink_to(target)
