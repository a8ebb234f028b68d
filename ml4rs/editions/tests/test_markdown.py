"""Texts by anybody become safe HTML; formulas become MathML or stay what was typed."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml4rs.editions.markdown import _MATHS, _TAGS, render


def test_a_formula_is_maths_for_the_browser():
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in render("Errors fall as $x^2$.")


def test_a_formula_on_its_own_stands_on_its_own():
    assert '<math display="block">' in render("$$\\frac{a}{b}$$")


@pytest.mark.parametrize("text", ["It costs $5 and $6.", "a $ b $ c", "3$ or 4$", "\\$x\\$"])
def test_prices_are_no_formulas(text):
    assert "<math" not in render(text)


@pytest.mark.parametrize("source", ["\\unknown{", "{" * 60, "x" * 2000, "\\frac"])
def test_what_is_no_formula_is_shown_as_typed(source):
    assert f"<code>${source}$</code>" in render(f"${source}$")


@pytest.mark.parametrize(
    "text",
    [
        "$\\text{<script>alert(1)</script>}$",
        "$\\text{</math><img src=x onerror=alert(1)>}$",
        "$\\href{javascript:alert(1)}{x}$",
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "$\\text{<style><img src=x onerror=alert(1)>}$",
    ],
)
def test_nothing_that_acts_comes_through(text):
    found = re.findall(r"<[^>]*>", render(text))
    assert not [tag for tag in found if re.search(r"script|on\w+=|javascript:|<img|<style|href", tag)]


@given(st.text(alphabet="$\\{}^_<>&abx1 \n[]()=\"'frac", max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_gives_tags_that_are_allowed(text):
    tags = set(re.findall(r"</?([a-z0-9]+)", render(text)))
    assert tags <= _TAGS | _MATHS
