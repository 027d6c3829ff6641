"""Fetches the browser files that the program serves itself, once, before a package is built.

They are other people's work, so they are not committed: package-lock.json pins them by hash, npm fetches and
checks them, and the few that a browser needs are copied to src/dingdan/assets/vendor/. A manifest there tells
when nothing is left to do; so a source distribution, which carries the files, builds a wheel without Node.

Hatch runs this before it builds a wheel, a source distribution or an editable install; make runs it directly.
"""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# From each npm package only what a browser loads, and the licences that have to travel with it.
WANTED = {
    "@fontsource-variable/atkinson-hyperlegible-mono": (
        "files/atkinson-hyperlegible-mono-latin-wght-normal.woff2",
        "LICENSE",
    ),
    "@fontsource-variable/ibm-plex-sans": ("files/ibm-plex-sans-latin-wght-normal.woff2", "LICENSE"),
    "htmx.org": ("dist/htmx.min.js", "LICENSE"),
    "swagger-ui-dist": (
        "swagger-ui-bundle.js",
        "swagger-ui.css",
        "swagger-ui-bundle.js.LICENSE.txt",
        "LICENSE",
        "NOTICE",
    ),
    # Compiled from its sources, see STYLES; its licence stands in its README.
    "@tabler/core": ("README.md",),
}
# What is compiled: a style sheet of ours that names the parts we use of theirs, and where it goes.
STYLES = {"styles/kit.scss": "kit/kit.css"}


class AssetsHook(BuildHookInterface[Any]):
    """Makes sure the assets stand before hatchling collects the files of a package."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before every build."""
        build_assets(Path(self.root))


def build_assets(root: Path) -> None:
    """Bring src/dingdan/assets/vendor/ up to date with package-lock.json."""
    vendor = root / "src" / "dingdan" / "assets" / "vendor"
    manifest = vendor / "manifest.json"
    key = _key(root)
    if _stands(vendor, manifest, key):
        manifest.touch()  # For make, which compares times.
        return
    modules = _fetch(root)
    shutil.rmtree(vendor, ignore_errors=True)
    for package, names in WANTED.items():
        place = vendor / package.rpartition("/")[2]
        place.mkdir(parents=True)
        for name in names:
            shutil.copyfile(modules / package / name, place / name.rpartition("/")[2])
    for source, target in STYLES.items():
        (vendor / target).parent.mkdir(parents=True, exist_ok=True)
        _compile(modules, root / source, vendor / target)
    files = {path.relative_to(vendor).as_posix(): _sha256(path) for path in sorted(vendor.glob("*/*"))}
    # Written last: a build that was broken off leaves no manifest and is done again.
    manifest.write_text(json.dumps({"key": key, "files": files}, indent=2) + "\n", encoding="utf-8")


def _key(root: Path) -> str:
    """One hash over what decides the result: the lock file, the wanted files and our own style sheets."""
    read = (root / "package-lock.json").read_bytes() + b"".join((root / name).read_bytes() for name in STYLES)
    return hashlib.sha256(read + json.dumps([WANTED, STYLES]).encode()).hexdigest()


def _stands(vendor: Path, manifest: Path, key: str) -> bool:
    """Say whether the files were made from this key and are still as they were made."""
    try:
        made = json.loads(manifest.read_text(encoding="utf-8"))
        files = made["files"].items()
        return made["key"] == key and all(_sha256(vendor / name) == sha for name, sha in files)
    except (OSError, ValueError, KeyError):
        return False


def _fetch(root: Path) -> Path:
    """Install the npm packages below build/, out of the way of the source, and say where."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit(
            "The browser assets are not built yet, and building them needs npm, which is not on the PATH. "
            "Install Node.js with npm (Debian: apt-get install nodejs npm) and try again."
        )
    place = root / "build" / "npm"
    place.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(root / name, place / name)
    # No scripts: a package may not run code of its own on the machine that builds.
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    if subprocess.run(command, cwd=place, check=False).returncode != 0:
        raise SystemExit("npm could not fetch the browser assets; what it said stands above.")
    return place / "node_modules"


def _compile(modules: Path, source: Path, target: Path) -> None:
    """Compile a style sheet; what the kit's own sources say about themselves is not our business."""
    command = [
        str(modules / ".bin" / "sass"),
        f"--load-path={modules}",
        "--style=compressed",
        "--no-source-map",
        "--quiet",
    ]
    if subprocess.run([*command, str(source), str(target)], check=False).returncode != 0:
        raise SystemExit(f"{source.name} could not be compiled; what sass said stands above.")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    build_assets(Path(__file__).resolve().parent)
