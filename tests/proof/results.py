"""Results of parts: on what source, how they ended, how old they are. Kept as one file a part in var/proof/."""

import hashlib
import json
import subprocess
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import ml4rs
from tests.proof.parts import ROOT

OLD = 30  # days
VERDICTS = {
    "passed": "passed",
    "failed": "failed",
    "partial": "stopped before its end",
    "nothing": "ran nothing",
}


@dataclass(frozen=True)
class Source:
    """What was tried: a version, its commit, and whatever is changed since (a digest, for two results to compare)."""

    version: str
    commit: str
    dirty: str

    @classmethod
    def now(cls) -> "Source":
        version = getattr(ml4rs, "__version__", "unreleased")
        commit = _git("rev-parse", "HEAD").decode().strip()
        return cls(version, commit, _changes() if commit else "")

    @property
    def words(self) -> str:
        commit = f"commit {self.commit[:10]}" if self.commit else "unknown commit"
        return f"version {self.version}, {commit}{' with changes that are not in it' if self.dirty else ''}"

    def __str__(self) -> str:
        return f"{self.version} {self.commit} {self.dirty}"


def _git(*arguments: str) -> bytes:
    """Nothing where there is no git or no repository: an unpacked archive can be proved as well."""
    try:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return b""


def _changes() -> str:
    new = [name for name in _git("ls-files", "--others", "--exclude-standard", "-z").split(b"\0") if name]
    changed = _git("diff", "HEAD")
    if not new and not changed:
        return ""
    digest = hashlib.sha256(changed)
    for name in new:
        digest.update(name + (ROOT / name.decode()).read_bytes())
    return digest.hexdigest()[:12]


def source_of(result: dict) -> Source:
    return Source(result["version"], result["commit"], result["dirty"])


def stamp(source: Source) -> dict[str, str]:
    return asdict(source)


def load(file: Path) -> dict | None:
    """A result, or nothing where there is none that can be read."""
    try:
        return json.loads(file.read_text())
    except (OSError, ValueError):
        return None


def save(file: Path, result: dict) -> None:
    """Whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_suffix(".half")
    half.write_text(json.dumps(result, indent=1))
    half.replace(file)


@dataclass(frozen=True)
class Standing:
    """What a reader should make of a part's last result: `kind` for the eye, `words` for the mind."""

    kind: str  # passed, failed, partial, nothing, old, missing
    words: str


def standing(result: dict | None, source: Source, now: datetime) -> Standing:
    if result is None:
        return Standing("missing", "never ran here")
    said = VERDICTS[result["state"]]
    age = days(result, now)
    aged = []
    if source_of(result) != source:
        aged.append(f"on another state of the code ({source_of(result).words})")
    if age > OLD:
        aged.append(f"{age} days ago")
    if aged and result["state"] == "passed":
        return Standing("old", f"{said}, but {' and '.join(aged)}")
    return Standing(result["state"], ", ".join([said, *aged]))


def days(result: dict, now: datetime) -> int:
    return (now - datetime.fromisoformat(result["begun"])).days


def utc_now() -> datetime:
    return datetime.now(UTC)
