"""What may be said more helpfully in a review: hints for its writer, never a bar."""

import re
from collections.abc import Sequence

_SHORT = 60  # words of all that authors read
_ROUGH = re.compile(
    r"\b(?:stupid|idiotic|ridiculous|laughable|nonsense|garbage|rubbish|trash|pathetic|lazy|sloppy|incompetent"
    r"|clueless|ignorant|worthless|waste of (?:my )?time|joke|embarrassing|shame(?:ful)?|terribl[ey]|awful)\b",
    re.IGNORECASE,
)
_ABOUT_PEOPLE = re.compile(
    r"\bauthors? (?:(?:clearly|obviously|simply|just) )*(?:do(?:es)? not|don't|doesn't|fail(?:s|ed)? to)"
    r" (?:understand|know|grasp|care)\b",
    re.IGNORECASE,
)
_SHOUTED = re.compile(r"!{2,}|(?:\b[A-Z]{4,}\b\W+){3,}")


def hints(texts: Sequence[str]) -> list[str]:
    """Remarks on the texts that authors will read, each with what would help; empty where there are none."""
    whole = "\n".join(texts)
    count = len(whole.split())
    found = []
    if 0 < count < _SHORT:
        words = "one word" if count == 1 else f"{count} words"
        found.append(f"What the authors read has {words}. A reason or an example for each point helps them most.")
    if rough := _ROUGH.search(whole):
        found.append(f"“{rough.group()}” may hurt. Say what is missing in the work instead.")
    if about := _ABOUT_PEOPLE.search(whole):
        found.append(f"“{about.group()}” speaks of people. Say which part of the text does not convince you.")
    if _SHOUTED.search(whole):
        found.append("Capitals and exclamation marks read like shouting.")
    return found
