"""Conditions shrink before a query is built, and mean the same as before."""

import pytest
from django.db.models import F, Q, Value

from ml4rs.editions.conditions import ALWAYS, NEVER, all_of, any_of, constant, flag, given, guarded, none_of
from ml4rs.editions.models import Edition
from ml4rs.editions.tests.factories import EditionFactory

A, B = Q(slug="a"), Q(slug="b")


def test_what_never_holds_falls_out_of_a_choice_and_ends_a_conjunction():
    assert any_of(NEVER, A, NEVER) is A
    assert any_of(NEVER, NEVER) is NEVER
    assert all_of(A, NEVER) is NEVER


def test_what_always_holds_falls_out_of_a_conjunction_and_ends_a_choice():
    assert all_of(ALWAYS, A) is A
    assert all_of(ALWAYS, ALWAYS) is ALWAYS
    assert any_of(A, ALWAYS) is ALWAYS


def test_several_are_joined():
    assert any_of(A, B) == A | B
    assert all_of(A, B) == A & B
    assert none_of(A, B) == ~(A | B)


def test_the_opposite_of_a_constant_is_a_constant():
    assert none_of(NEVER) is ALWAYS
    assert none_of(ALWAYS) is NEVER
    assert (constant(True), constant(False)) == (ALWAYS, NEVER)


def test_a_condition_is_known_only_among_rows_that_it_chose_itself():
    assert given(A, any_of(NEVER, A)) is ALWAYS
    assert given(A, any_of(A, B)) is A


@pytest.mark.django_db
def test_columns_are_true_and_values_shown_where_the_condition_holds():
    EditionFactory(slug="a", name="Ay")
    EditionFactory(slug="b", name="Bee")
    rows = Edition.objects.annotate(
        is_a=flag(A), always=flag(ALWAYS), never=flag(NEVER),
        of_a=guarded(F("name"), A), of_all=guarded(F("name"), ALWAYS), of_none=guarded(Value("x"), NEVER),
    )  # fmt: skip
    found = rows.order_by("slug").values_list("is_a", "always", "never", "of_a", "of_all", "of_none")
    assert list(found) == [(True, True, False, "Ay", "Ay", None), (False, True, False, None, "Bee", None)]
