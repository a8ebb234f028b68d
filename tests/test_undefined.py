"""Templates render in tests what they render in production, but for a name that nobody defined."""

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.template import Context, Template, engines


class Paper:
    title = "Clouds"
    note = ""

    @property
    def decision(self) -> str:
        raise ObjectDoesNotExist


AS_IN_PRODUCTION = (
    ("{% if missing %}yes{% else %}no{% endif %}", "no"),
    ("{% if paper.decision %}yes{% else %}no{% endif %}", "no"),
    ("{% if paper.decision.outcome %}yes{% else %}no{% endif %}", "no"),
    ("{% if not paper.missing %}no{% endif %}", "no"),
    ("{% if paper.decision == 'accepted' %}yes{% else %}no{% endif %}", "no"),
    ("{% if missing|length > 0 %}yes{% else %}no{% endif %}", "no"),
    ("{% for each in missing %}{{ each }}{% empty %}none{% endfor %}", "none"),
    ("{% for each in paper.decision %}{{ each }}{% empty %}none{% endfor %}", "none"),
    ("{% firstof missing paper.decision paper.title %}", "Clouds"),
    ("{{ missing|default:'none' }}", "none"),
    ("{{ paper.decision|default:'none' }}", "none"),
    ("{{ paper.decision.outcome|default:'none' }}", "none"),
    ("{{ paper.decision|upper|default:'none' }}", "none"),
    ("{{ paper.decision|yesno:'yes,no' }}", "no"),
    ("{{ paper.decision|length }}", "0"),
    ("{{ paper.decision.outcome|title }}", ""),
    ("{{ paper.decision }}", ""),
    ("{{ paper.note|default:paper.title }}", "Clouds"),
    ("{{ paper.title|lower }}", "clouds"),
)


@pytest.mark.parametrize(("text", "in_production"), AS_IN_PRODUCTION)
def test_what_a_template_provides_for_is_rendered_as_in_production(text, in_production):
    assert Template(text).render(Context({"paper": Paper()})) == in_production


@pytest.mark.parametrize(
    "text",
    [
        "{{ missing }}",
        "{{ missing|upper }}",
        "{{ paper.missing }}",
        "{{ paper.title.missing }}",
        "{{ paper.note.missing }}",
        "{% with it=missing %}{{ it }}{% endwith %}",
        "{% if paper %}{{ paper.missing }}{% endif %}",
        "{% for letter in paper.title %}{{ missing }}{% endfor %}",
        "{{ paper.title|default:missing }}",
    ],
)
def test_a_name_that_nobody_defined_fails_a_test(text):
    with pytest.raises(Exception, match="missing"):
        Template(text).render(Context({"paper": Paper()}))


def test_what_is_invalid_is_as_false_in_tests_as_in_production():
    assert engines["django"].engine.string_if_invalid == ""
