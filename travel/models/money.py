"""What an edition's travel support goes by, and the pools of sponsors' money. In minor units, never a float."""

from django.db import models
from django.db.models import Q
from django.db.models.lookups import LessThanOrEqual

from ml4rs.accounts.models import random_public_id
from ml4rs.editions.models import Edition, Sponsor


class TravelSettings(models.Model):
    """What an edition's travel support needs to know: where people fly to, and who may ask."""

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="travel_settings")
    airport = models.CharField(max_length=3, blank=True, help_text="IATA code of the airport nearest to the venue")
    currency = models.CharField(max_length=3, default="EUR", help_text="Offered first in the application")
    students_only = models.BooleanField(default=True)
    merit_weight = models.PositiveSmallIntegerField(default=50, help_text="Per cent of a score")
    need_weight = models.PositiveSmallIntegerField(default=30)
    distance_weight = models.PositiveSmallIntegerField(default=20)
    least_assessments = models.PositiveSmallIntegerField(
        default=2, help_text="Officers who mark an application before it is answered, as far as there are that many"
    )
    needs_proof = models.BooleanField(default=True, help_text="Proof of status before an application is submitted")
    answers_on = models.DateField(null=True, blank=True, help_text="By when applicants hear")
    erase_on = models.DateField(null=True, blank=True, help_text="When all of it is deleted; empty: a year after")
    warned_for = models.DateField(null=True, blank=True, help_text="The day of erasing that officers were told of")
    warned_at = models.DateTimeField(null=True, blank=True)
    offer_days = models.PositiveSmallIntegerField(default=14, help_text="To answer an offer, where it says no other")
    rolls_by_itself = models.BooleanField(default=True, help_text="Returned money goes to the waiting list at once")
    seed = models.CharField(max_length=43, blank=True, help_text="Draws exact ties; its hash is logged when it is made")

    class Meta:
        verbose_name_plural = "travel settings"
        constraints = [
            models.CheckConstraint(
                condition=Q(merit_weight__gte=models.F("need_weight") + models.F("distance_weight"))
                & Q(merit_weight=100 - models.F("need_weight") - models.F("distance_weight")),
                name="travel_merit_outweighs_the_rest",
            ),
            models.CheckConstraint(
                condition=Q(offer_days__gte=1, offer_days__lte=90, least_assessments__lte=5),
                name="travel_days_and_assessments_in_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Travel settings of {self.edition}"


def room_for(committed: models.F | models.expressions.CombinedExpression) -> LessThanOrEqual:
    """The condition that a pool may have this much committed. Without a division, so without rounding."""
    offered = (models.F("amount_minor") - models.F("reserve_minor")) * models.F("overcommit_percent")
    return LessThanOrEqual(committed * 100, offered)


class Pool(models.Model):
    """Money for grants, in one currency. `committed_minor` is kept by conditional updates, never above what the sum

    less the reserve allows; since some decline, officers may let up to 15 per cent more be offered.
    """

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="travel_pools")
    name = models.CharField(max_length=100)
    sponsor = models.ForeignKey(Sponsor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    reserve_minor = models.PositiveBigIntegerField(default=0, help_text="Kept back, never offered")
    overcommit_percent = models.PositiveSmallIntegerField(default=100, help_text="What may be offered, of the rest")
    committed_minor = models.PositiveBigIntegerField(default=0)
    final_figures = models.JSONField(null=True, blank=True, help_text="What it did, once who had it is erased")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "name"], name="pool_name_unique_in_edition"),
            models.CheckConstraint(condition=room_for(models.F("committed_minor")), name="pool_never_overrun"),
            models.CheckConstraint(
                condition=Q(overcommit_percent__gte=100, overcommit_percent__lte=115), name="pool_overcommits_little"
            ),
            models.CheckConstraint(
                condition=Q(reserve_minor__lte=models.F("amount_minor")), name="pool_reserve_within_sum"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def limit_minor(self) -> int:
        """The most that may be offered or accepted at a time."""
        return (self.amount_minor - self.reserve_minor) * self.overcommit_percent // 100

    @property
    def left_minor(self) -> int:
        return self.limit_minor - self.committed_minor
