"""The result of a part, as the proof reads it."""

import json
import subprocess
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import ml4rs
from tests.mutants.targets import ROOT

FOLDER = ROOT / "var" / "proof"


def write(part: str, title: str, state: str, seconds: float, numbers: list[dict]) -> Path:
    """Keep one part's result in var/proof/<part>.json."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    begun = datetime.fromtimestamp(time.time() - seconds, UTC)
    result = {
        "part": part,
        "title": title,
        "version": getattr(ml4rs, "__version__", ""),
        "commit": commit,
        "begun": begun.isoformat(timespec="seconds"),
        "seconds": round(seconds),
        "state": state,
        "numbers": numbers,
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{part}.json"
    path.write_text(json.dumps(result, indent=1))
    return path


def number(key: str, label: str, columns: list[str], rows: list[list]) -> dict:
    return {"key": key, "label": label, "columns": columns, "rows": rows}


def by_kind(found: dict[str, dict], noticed: tuple[str, ...]) -> list[list]:
    kinds = Counter(row["kind"] for row in found.values())
    caught = Counter(row["kind"] for row in found.values() if row["state"] in noticed)
    return [[kind, count, caught[kind]] for kind, count in sorted(kinds.items())]
