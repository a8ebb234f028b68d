"""Travel support in an edition's file: where people fly to and who may apply. Never money, never applications."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ml4rs.editions.models import Edition
from travel.models import TravelSettings


class TravelData(BaseModel):
    """The key `travel`."""

    model_config = ConfigDict(extra="forbid")

    airport: str = Field("", pattern=r"^([A-Z0-9]{3})?$", description="IATA code of the airport nearest to the venue")
    currency: str = Field("EUR", pattern=r"^[A-Z]{3}$", description="Offered first in the application")
    who: Literal["students", "everybody"] = Field("students", description="Who may apply")


class TravelSection:
    key = "travel"
    schema = TravelData

    def load(self, edition: Edition, data: TravelData) -> None:
        """Make the settings agree with the file."""
        values = {"airport": data.airport, "currency": data.currency, "students_only": data.who == "students"}
        TravelSettings.objects.update_or_create(edition=edition, defaults=values)

    def dump(self, edition: Edition) -> dict[str, Any] | None:
        row = TravelSettings.objects.filter(edition=edition).first()
        if row is None:
            return None
        who = "students" if row.students_only else "everybody"
        return {"airport": row.airport, "currency": row.currency, "who": who}


section = TravelSection()
