"""What a check answers: facts, findings and one verdict, as plain data."""

from dataclasses import asdict, dataclass, field, replace

from submissions.pdfcheck.rules import Rules

RULE_VERSION = "6"

BLOCKS, WARNS, INFORMS = "blocks", "warns", "informs"
IGNORED = "ignored"
_CHANGEABLE = ("authors.", "font.", "identity.", "length.", "page.", "template.", "text.")
FORMAT, IDENTITY = "format", "identity"

_LONGEST_EXCERPT = 300
_LONGEST_MESSAGE = 500


class UnusableFile(Exception):  # noqa: N818  (a judgement on the file, not an error of ours)
    """The file is no usable PDF; carries the finding's code and the words for its author."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True)
class Finding:
    """One thing that the check noticed: what, how bad, where, the words it saw, and the remedy."""

    code: str
    severity: str
    message: str
    page: int | None = None
    excerpt: str = ""
    kind: str = FORMAT
    refuses: bool = False  # the file is not a usable PDF at all
    box: tuple[float, float, float, float] | None = None  # left, bottom, right, top in points from the lower left

    def __post_init__(self) -> None:
        object.__setattr__(self, "excerpt", _printable(self.excerpt)[:_LONGEST_EXCERPT])
        object.__setattr__(self, "message", self.message[:_LONGEST_MESSAGE])


@dataclass(frozen=True)
class CheckResult:
    """All that is known of a file. Page numbers count from 1; None where unknown."""

    verdict: str
    pages: int | None = None
    main_text_pages: int | None = None
    references_page: int | None = None
    appendix_page: int | None = None
    findings: tuple[Finding, ...] = ()
    facts: dict = field(default_factory=dict)
    text: str = ""  # what the pages say, line by line, a form feed between pages
    rule_version: str = RULE_VERSION

    def as_dict(self) -> dict:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict) -> "CheckResult":
        findings = tuple(Finding(**finding) for finding in data.pop("findings"))
        return cls(findings=findings, **data)


def verdict_of(findings: list[Finding] | tuple[Finding, ...]) -> str:
    """The worst of the findings: refused, blocked, warnings or ok."""
    if any(finding.refuses for finding in findings):
        return "refused"
    severities = {finding.severity for finding in findings}
    if BLOCKS in severities:
        return "blocked"
    return "warnings" if WARNS in severities else "ok"


def reweighed(findings: list[Finding], rules: Rules) -> list[Finding]:
    """The findings as the track weighs them. What makes a file unsafe or unreadable weighs the same everywhere."""
    weights = dict(rules.severities)
    found = []
    for each in findings:
        weight = weights.get(each.code) if each.code.startswith(_CHANGEABLE) and not each.refuses else None
        if weight != IGNORED:
            found.append(replace(each, severity=weight) if weight else each)
    return found


def refusal(code: str, message: str, excerpt: str = "") -> CheckResult:
    """The answer for a file that cannot be used."""
    return CheckResult("refused", findings=(Finding(code, BLOCKS, message, excerpt=excerpt, refuses=True),))


def _printable(text: str) -> str:
    """Text from a stranger's file, fit for a database and a page: no NUL, no lone surrogates, one line."""
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return " ".join("".join(c if c.isprintable() else " " for c in clean).split())
