"""The report: one page and one file of data over the results of all parts, for a reader who believes nothing unseen."""

import json
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.template import Context, Engine

from tests.proof.parts import PARTS, Part
from tests.proof.results import Source, Standing, load, source_of, stamp, standing
from tests.proof.running import work_of

_HERE = Path(__file__).parent
_WORDS = {
    "passed": "passed on this state of the code",
    "old": "passed, but on another state of the code or long ago",
    "failed": "failed",
    "partial": "stopped before its end",
    "nothing": "ran nothing",
    "missing": "never ran here",
}


def write(folder: Path, source: Source, now: datetime, parts: tuple[Part, ...] = PARTS) -> Path:
    """Write index.html, a page for each list, and proof.json; returns the first."""
    folder.mkdir(parents=True, exist_ok=True)
    told = [_told(part, folder, source, now) for part in parts]
    about = {"made": _date(now), "source": source.words, "sums": _sums(told), "parts": told}
    for part in told:
        for number in part["numbers"]:
            page = _render("list.html", {**about, "part": part, "number": number})
            (folder / number["list"]).write_text(page)
    index = folder / "index.html"
    index.write_text(_render("page.html", about))
    data = {**stamp(source), "made": now.isoformat(timespec="seconds"), "parts": [_as_data(part) for part in told]}
    (folder / "proof.json").write_text(json.dumps(data, indent=1))
    return index


def result_of(part: Part, folder: Path) -> dict | None:
    """The last result, or as far as an unfinished first run came."""
    return load(folder / f"{part.name}.json") or load(work_of(folder, part.name) / "result.json")


def _told(part: Part, folder: Path, source: Source, now: datetime) -> dict:
    result = result_of(part, folder)
    stands: Standing = standing(result, source, now)
    told = {
        "name": part.name, "title": part.title, "about": part.about, "alone": part.alone,
        "kind": stands.kind, "words": stands.words, "numbers": [], "failures": [], "left_out": [],
        "newer": _newer(part, folder, result),
    }  # fmt: skip
    if result is None:
        return told
    numbers = [number | {"list": f"{part.name}-{number['key']}.html"} for number in result["numbers"]]
    machine = ", ".join(f"{what} {version}" for what, version in result["machine"].items() if what != "cores")
    return told | {
        "when": _date(datetime.fromisoformat(result["begun"])),
        "seconds": result["seconds"],
        "long": _long(result["seconds"]),
        "source": source_of(result).words,
        "machine": f"{result['machine']['cores']} cores, {machine}",
        "numbers": numbers,
        "failures": result["failures"],
        "left_out": result["left_out"],
        "result": result,
    }


def _newer(part: Part, folder: Path, shown: dict | None) -> str:
    """A later run that was stopped, beside the finished one that is shown."""
    stopped = load(work_of(folder, part.name) / "result.json")
    if not stopped or not shown or stopped["begun"] == shown["begun"]:
        return ""
    return f"A later run of {_date(datetime.fromisoformat(stopped['begun']))} was stopped before its end."


def _sums(told: list[dict]) -> list[dict]:
    """How many parts stand how, the good news first."""
    counted = [(kind, [part for part in told if part["kind"] == kind]) for kind in _WORDS]
    return [
        {"kind": kind, "count": len(parts), "words": _WORDS[kind], "parts": parts} for kind, parts in counted if parts
    ]


def _as_data(part: dict) -> dict:
    """What programs may want: the result as it was kept, its standing, and links in place of lists."""
    result = part.get("result") or {}
    numbers = [{key: value for key, value in number.items() if key != "rows"} for number in part["numbers"]]
    about = {key: part[key] for key in ("name", "title", "about", "kind", "words", "newer", "alone")}
    kept = ("version", "commit", "dirty", "machine", "begun", "seconds", "state", "finished", "left_out", "failures")
    return about | {key: result[key] for key in kept if key in result} | {"numbers": numbers}


def _date(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y, %H:%M} UTC"


def _long(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    hours, rest = divmod(timedelta(seconds=seconds), timedelta(hours=1))
    minutes = round(rest.total_seconds() / 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _render(template: str, context: dict) -> str:
    if not settings.configured:
        settings.configure(USE_I18N=False)
    engine = Engine(dirs=[_HERE / "pages"], builtins=["django.template.defaultfilters"])
    return engine.get_template(template).render(Context(context))
