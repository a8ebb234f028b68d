"""What an organiser asks of a proposal; kept with the job and with the run. Plain Python."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from reviews.matching.affinity import USUAL, Weights
from reviews.matching.lottery import commitment
from reviews.proposing.aims import FAIR, LOTTERY, TOTAL


@dataclass(frozen=True)
class Parameters:
    """`dial` is how fair, `cap` the greatest probability of a pair and `fading` how far chances are spread, 0 to 1."""

    track: str = ""  # its slug; empty: all
    aim: str = TOTAL
    dial: float = 1.0
    cap: float = 0.5
    fading: float = 0.0
    seed: str = ""
    least: int = 0  # papers that everybody gets at least, as far as their load allows
    institutions: bool = False
    seniors: bool = False
    reciprocal: bool = False
    weights: Weights = field(default=USUAL)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Parameters":
        """From what was stored, also by an earlier release: what is not known is left out."""
        known = {each.name for each in fields(cls)}
        values = {name: value for name, value in stored.items() if name in known}
        if isinstance(values.get("weights"), dict):
            values["weights"] = Weights(**values["weights"])
        return cls(**values)

    def stored(self) -> dict[str, Any]:
        """As plain data, with what differs from the usual."""
        usual = asdict(Parameters())
        return {name: value for name, value in asdict(self).items() if value != usual[name]}

    @property
    def has_rules(self) -> bool:
        return self.institutions or self.seniors or self.reciprocal

    def in_words(self) -> Iterator[tuple[str, str]]:
        """Headings with what was asked; the usual weights are not told."""
        yield "Aim", self._aim()
        if self.least:
            yield "At least", f"{self.least} paper{'s' if self.least > 1 else ''} for everybody whose load allows it"
        rules = [
            (self.institutions, "no two reviewers of one institution on a paper"),
            (self.seniors, "somebody senior on each paper"),
            (self.reciprocal, "nobody judges a paper of somebody who judges theirs"),
        ]
        if self.has_rules:
            yield "Rules", "; ".join(words for is_kept, words in rules if is_kept)
        if self.aim == LOTTERY:
            yield "Seed of the draw", self.seed
            yield "SHA-256 of the seed", commitment(self.seed)
        if self.weights != USUAL:
            yield "Weights", _of_weights(self.weights)

    def _aim(self) -> str:
        if self.aim == FAIR and self.dial < 1:
            return f"The worst paper raised by {self.dial:.0%} of what is possible, then the best total"
        if self.aim == FAIR:
            return "The worst paper as well off as can be, then the best total"
        if self.aim == LOTTERY:
            spread = f", chances spread by {self.fading:.0%}" if self.fading else ""
            return f"Drawn by lot, no pair with a probability above {self.cap:.0%}{spread}"
        return "The best total"


def _of_weights(weights: Weights) -> str:
    return (
        f"text {weights.text:.0%} (of it sentences {weights.sentences:.0%}), topics {1 - weights.text:.0%}; "
        f"exponents {weights.wants:g} for “want to review”, {weights.can:g} for “can review”, "
        f"{weights.rather_not:g} for “rather not”"
    )
