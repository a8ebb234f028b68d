"""What generated faults are planted in: rules, sight, verbs, and the engines that pyproject.toml lists."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def targets(root: Path = ROOT) -> list[str]:
    """Paths of all modules, relative to `root`."""
    found = {*_rooms(root), *_engines(root)}
    return sorted(path for path in found if not path.endswith("__main__.py"))


def _rooms(root: Path) -> Iterator[str]:
    for app in ("ml4rs", "submissions", "reviews", "schedule", "travel"):
        for pattern in ("**/policy.py", "**/sight.py", "**/actions.py", "**/actions/**/*.py"):
            yield from (str(path.relative_to(root)) for path in (root / app).glob(pattern))


def _engines(root: Path) -> Iterator[str]:
    contracts = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (engines,) = (each for each in contracts if each["name"] == "Engines are plain Python")
    for module in engines["source_modules"]:
        path = root / module.replace(".", "/")
        files = sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
        yield from (str(each.relative_to(root)) for each in files)
