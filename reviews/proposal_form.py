"""What an organiser asks of a proposal."""

from typing import Any

from django import forms

from ml4rs.editions.models import Track
from reviews.forms import MOST_PAPERS
from reviews.matching.affinity import Weights
from reviews.proposing.aims import FAIR, LOTTERY, TOTAL
from reviews.proposing.parameters import Parameters
from reviews.proposing.situation import NO_SENIORS


def _per_cent(label: str, least: int, most: int, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(label=f"{label}, in per cent", min_value=least, max_value=most, help_text=help_text)


def _exponent(label: str, least: float, most: float) -> forms.FloatField:
    return forms.FloatField(
        label=f"Exponent of “{label}”",
        min_value=least,
        max_value=most,
        widget=forms.NumberInput(attrs={"step": "0.05"}),
    )


class ProposalForm(forms.Form):
    track = forms.ChoiceField(label="For", required=False)
    aim = forms.ChoiceField(
        label="Aim",
        choices=[
            (TOTAL, "The best total: the highest sum of closeness"),
            (FAIR, "The fairest: the worst paper as well off as can be, then the best total"),
            (LOTTERY, "Drawn by lot: nobody can be sure to get a paper"),
        ],
        widget=forms.RadioSelect,
    )
    dial = _per_cent(
        "How fair",
        1,
        100,
        "For the second aim. 100: the worst paper as well off as can be; less leaves more to the total.",
    )
    cap = _per_cent("Greatest probability of a pair", 4, 100, "Lower means less certain, and a lower expected total.")
    fading = _per_cent(
        "Spread chances further", 0, 100, "Perturbed maximisation: the first share of a pair counts most. 0: no."
    )
    seed = forms.CharField(
        label="Seed of the draw",
        max_length=100,
        required=False,
        help_text="Empty: one is made up. Its hash is written in the log before the draw, the seed is shown after it.",
    )
    least = forms.IntegerField(
        label="Papers that everybody gets at least",
        min_value=0,
        max_value=MOST_PAPERS,
        help_text="As far as their load allows it.",
    )
    institutions = forms.BooleanField(label="No two reviewers of one institution on a paper", required=False)
    seniors = forms.BooleanField(label="Somebody senior on each paper", required=False)
    reciprocal = forms.BooleanField(label="Nobody judges a paper of somebody who judges theirs", required=False)
    text = _per_cent("Text", 0, 100, "The rest is topics, where both named some.")
    sentences = _per_cent("Meaning of sentences, within text", 0, 100, "The rest is words.")
    wants = _exponent("want to review", 0.5, 1)
    can = _exponent("can review", 0.5, 1)
    rather_not = _exponent("rather not", 1, 4)

    def __init__(self, *args: Any, tracks: list[Track], has_seniors: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_seniors = has_seniors
        self.fields["track"].choices = [("", "all tracks"), *((each.slug, each.name) for each in tracks)]

    @staticmethod
    def initial_of(asked: Parameters) -> dict[str, Any]:
        """As asked before, but for the seed, which serves once."""
        weights = asked.weights
        return {
            "track": asked.track,
            "aim": asked.aim,
            "dial": round(asked.dial * 100),
            "cap": round(asked.cap * 100),
            "fading": round(asked.fading * 100),
            "least": asked.least,
            **{name: getattr(asked, name) for name in ("institutions", "seniors", "reciprocal")},
            "text": round(weights.text * 100),
            "sentences": round(weights.sentences * 100),
            "wants": weights.wants,
            "can": weights.can,
            "rather_not": weights.rather_not,
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("aim") == LOTTERY and any(data.get(name) for name in ("institutions", "seniors", "reciprocal")):
            self.add_error("aim", "A draw cannot keep the rules below. Choose another aim, or no rules.")
        if data.get("seniors") and not self.has_seniors:
            self.add_error("seniors", NO_SENIORS)
        wants, can = data.get("wants"), data.get("can")
        if wants and can and wants > can:
            self.add_error("wants", "“Want to review” must not count less than “can review”: a lower exponent is more.")
        return data

    def asked(self) -> Parameters:
        """What a valid form says."""
        data = self.cleaned_data
        weights = Weights(data["text"] / 100, data["sentences"] / 100, data["wants"], data["can"], data["rather_not"])
        return Parameters(
            track=data["track"],
            aim=data["aim"],
            dial=data["dial"] / 100 if data["aim"] == FAIR else 1.0,
            cap=data["cap"] / 100 if data["aim"] == LOTTERY else 0.5,
            fading=data["fading"] / 100 if data["aim"] == LOTTERY else 0.0,
            seed=data["seed"] if data["aim"] == LOTTERY else "",
            least=data["least"],
            institutions=data["institutions"],
            seniors=data["seniors"],
            reciprocal=data["reciprocal"],
            weights=weights,
        )
