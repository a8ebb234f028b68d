"""Editions in Django's admin, for repairs. Organisers use the pages of the app, which tell the audit log."""

from django.contrib import admin
from django.db import models

from ml4rs.editions.models import (
    Edition,
    Milestone,
    Person,
    Question,
    Role,
    Sponsor,
    SponsorTier,
    TextBlock,
    Topic,
    Track,
    TrackFile,
)


class GroundAdmin(admin.ModelAdmin):
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}


@admin.register(Edition)
class EditionAdmin(GroundAdmin):
    list_display = ("slug", "name", "host", "starts_on", "is_public", "is_current")
    search_fields = ("slug", "name", "host")


@admin.register(Track, Topic, Person, TextBlock, SponsorTier)
class RowAdmin(GroundAdmin):
    list_display = ("__str__", "edition")
    list_filter = ("edition",)


@admin.register(TrackFile)
class TrackFileAdmin(GroundAdmin):
    list_display = ("track", "kind", "max_megabytes", "required")
    list_filter = ("track__edition",)


@admin.register(Question)
class QuestionAdmin(GroundAdmin):
    list_display = ("label", "track", "stage", "kind", "required", "audience")
    list_filter = ("track__edition",)


@admin.register(Sponsor)
class SponsorAdmin(GroundAdmin):
    list_display = ("name", "tier", "visible_from", "visible_until")
    list_filter = ("tier__edition",)
    readonly_fields = ("logo",)  # pictures are cleaned where the app takes them in


@admin.register(Milestone)
class MilestoneAdmin(GroundAdmin):
    list_display = ("__str__", "track", "instant", "aoe", "revision")
    list_filter = ("edition",)
    # A move counts, is told and can be undone; here it would be none of that.
    readonly_fields = ("instant", "aoe", "whole_day", "revision", "previous_instant")


@admin.register(Role)
class RoleAdmin(GroundAdmin):
    list_display = ("name", "edition", "user", "email")
    list_filter = ("edition", "name")
    autocomplete_fields = ("user",)
    list_select_related = ("edition", "user")
