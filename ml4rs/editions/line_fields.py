"""Short lists as people type them: one entry a line."""

import re
from typing import Any

from django import forms

from ml4rs.editions.models import Track

FINDING_CODE = r"^[a-z]+\.[a-z0-9_]+$"


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        return list(dict.fromkeys(line.strip() for line in super().to_python(value).splitlines() if line.strip()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.to_python(data)


class SeveritiesField(forms.CharField):
    """Codes of findings with what they weigh, one `code: weight` a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{code}: {weight}" for code, weight in value.items()) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> dict[str, str]:
        found = {}
        for line in filter(None, map(str.strip, super().to_python(value).splitlines())):
            code, _, weight = (part.strip() for part in line.partition(":"))
            if not re.fullmatch(FINDING_CODE, code) or weight not in Track.WEIGHTS:
                raise forms.ValidationError(f"“{line}” is no finding with its weight. Write it as page.size: informs.")
            found[code] = weight
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or {}) != self.to_python(data)
