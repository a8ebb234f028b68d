"""Travel support in an edition's file: the rules that applicants are told. Never money, never applications."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ml4rs.editions.models import Edition
from travel.models import TravelSettings


class WeightsData(BaseModel):
    """Per cent of a score."""

    model_config = ConfigDict(extra="forbid")

    merit: int = Field(50, ge=0, le=100)
    need: int = Field(30, ge=0, le=100)
    distance: int = Field(20, ge=0, le=100)

    @model_validator(mode="after")
    def merit_leads(self) -> "WeightsData":
        if self.merit + self.need + self.distance != 100 or self.merit < self.need + self.distance:
            raise ValueError("weights add up to 100, and merit is at least as much as need and distance together")
        return self


class TravelData(BaseModel):
    """The key `travel`."""

    model_config = ConfigDict(extra="forbid")

    airport: str = Field("", pattern=r"^([A-Z0-9]{3})?$", description="IATA code of the airport nearest to the venue")
    currency: str = Field("EUR", pattern=r"^[A-Z]{3}$", description="Offered first in the application")
    who: Literal["students", "everybody"] = Field("students", description="Who may apply")
    proof: bool = Field(True, description="Students prove their status")
    assessments: int = Field(2, ge=0, le=5, description="Officers who assess an application before it is answered")
    weights: WeightsData = Field(default_factory=WeightsData)
    answers: date | None = Field(None, description="By when applicants hear")
    offer_days: int = Field(14, ge=1, le=90, description="To answer an offer")
    waiting_list: Literal["by itself", "approved"] = Field("by itself", description="How returned money rolls on")
    erased: date | None = Field(None, description="When applications are deleted; empty: a year after the edition")


class TravelSection:
    key = "travel"
    schema = TravelData

    def load(self, edition: Edition, data: TravelData) -> None:
        """Make the settings agree with the file."""
        values = {
            "airport": data.airport,
            "currency": data.currency,
            "students_only": data.who == "students",
            "needs_proof": data.proof,
            "least_assessments": data.assessments,
            "merit_weight": data.weights.merit,
            "need_weight": data.weights.need,
            "distance_weight": data.weights.distance,
            "answers_on": data.answers,
            "offer_days": data.offer_days,
            "rolls_by_itself": data.waiting_list == "by itself",
            "erase_on": data.erased,
        }
        TravelSettings.objects.update_or_create(edition=edition, defaults=values)

    def dump(self, edition: Edition) -> dict[str, Any] | None:
        row = TravelSettings.objects.filter(edition=edition).first()
        if row is None:
            return None
        data = TravelData(
            airport=row.airport,
            currency=row.currency,
            who="students" if row.students_only else "everybody",
            proof=row.needs_proof,
            assessments=row.least_assessments,
            weights=WeightsData(merit=row.merit_weight, need=row.need_weight, distance=row.distance_weight),
            answers=row.answers_on,
            offer_days=row.offer_days,
            waiting_list="by itself" if row.rolls_by_itself else "approved",
            erased=row.erase_on,
        )
        always = {"airport", "currency", "who"}
        told = data.model_dump(include=always) | data.model_dump(exclude_defaults=True)
        return told | ({"weights": data.weights.model_dump()} if "weights" in told else {})


section = TravelSection()


def copy_settings(old: Edition, new: Edition) -> None:
    """The next edition begins with the rules of the last; where it flies to, its days and its draw are its own."""
    row = TravelSettings.objects.filter(edition=old).first()
    if row is None:
        return
    kept = ("currency", "students_only", "needs_proof", "least_assessments", "merit_weight", "need_weight",
            "distance_weight", "offer_days", "rolls_by_itself")  # fmt: skip
    TravelSettings.objects.create(edition=new, **{name: getattr(row, name) for name in kept})
