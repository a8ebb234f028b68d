"""What is said of words that nobody sees, and of words that speak to a program that reads the paper."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from submissions.pdfcheck.facts import Box
from submissions.pdfcheck.layout import Hidden, Layout, Page
from submissions.pdfcheck.result import BLOCKS, IDENTITY, INFORMS, WARNS, Finding
from submissions.pdfcheck.sight import COVERED, NO_INK, OUTSIDE, TINY

_SENTENCE = 8  # words
_FEWEST = 3
_MOST_OF_A_PAGE = 0.6
_CODES = {OUTSIDE: "outside", TINY: "tiny", NO_INK: "no_ink", COVERED: "covered"}
_REMEDY = {
    OUTSIDE: "Remove them (in LaTeX, look at what \\includegraphics trims and at \\hspace and \\raisebox)",
    TINY: "Remove them, or set them so large that they can be read",
    NO_INK: "Remove them (in LaTeX, look for \\textcolor{white}, \\transparent and \\pdfliteral), or show them",
    COVERED: "Remove what covers them, or the words",
}
_LITTLE_WORDS = {
    "the", "a", "an", "of", "to", "and", "in", "is", "are", "we", "for", "that", "this", "with", "on", "as", "by",
    "not", "be", "it", "from", "or", "which", "you",
}  # fmt: skip
_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget)\b.{0,40}\b(?:instructions?|prompts?|above|previous)\b"
    r"|\b(?:language model|llm|chatgpt|gpt-?\d|ai (?:model|reviewer|assistant)|as an ai)\b"
    r"|\b(?:give|write|provide|recommend|only)\b.{0,40}"
    r"\b(?:positive|favou?rable|strong(?:ly)?) (?:reviews?|scores?|accept\w*)"
    r"|\b(?:do not|don't|never) (?:mention|highlight|list|discuss)\b.{0,40}\b(?:weakness\w*|negatives?|limitations?)"
    r"|\b(?:recommend|suggest) (?:strong )?accept",
    re.IGNORECASE,
)
_RUN_TOGETHER = re.compile(
    r"ignore(?:all)?(?:the)?(?:previous|prior|above)|(?:give|write|provide)a?(?:very)?(?:positive|favou?rable)review"
    r"|donothighlightany|recommend(?:strong)?accept",
)
# In words that everybody sees, only what is said to the reader itself: papers may well be about such prompts.
_SPOKEN_TO_A_READER = re.compile(
    r"\b(?:ignore|disregard|forget) (?:all |any )?(?:the |your )?"
    r"(?:previous|prior|above|earlier) (?:instructions?|prompts?)"
    r"|\b(?:give|write|provide) (?:only )?an? (?:very )?(?:positive|favou?rable) review\b"
    r"|\bdo not (?:highlight|mention) any (?:negatives?|weakness\w*)"
    r"|\bif you are (?:an? )?(?:ai|llm|large language model|language model)\b",
    re.IGNORECASE,
)


def judge_hidden(pages: Sequence[Page]) -> Iterator[Finding]:
    """One finding a page and way of hiding: an instruction blocks and so does prose without ink; else a warning.

    Of labels that a cut or scaled figure hides, the first page is told.
    """
    told: set[str] = set()
    for page in pages:
        for (why, by_figure), run in groupby(sorted(page.hidden, key=_way), key=_way):
            words = list(run)
            text = " ".join(word.text for word in words)
            speaks = speaks_to_a_program(text)
            is_minor = len(words) < _FEWEST or (why == COVERED and _is_scan(page, len(words)))
            if is_minor and not speaks:
                continue
            severity, message = _in_figure(why) if by_figure and not speaks else _verdict(text, len(words), why)
            if severity == INFORMS and why in told:
                continue
            told.add(why)
            box = _spanning([word.box for word in words])
            yield Finding(
                f"hidden.{_CODES[why]}", severity, message, page=page.number, excerpt=text, kind=IDENTITY, box=box
            )


def _way(word: Hidden) -> tuple[str, bool]:
    return word.why, word.by_figure


def _in_figure(why: str) -> tuple[str, str]:
    if why == TINY:
        return INFORMS, "Words in a figure on this page are too small to read. Enlarge the figure if they matter."
    return INFORMS, "The figure on this page has words that do not show, cut off at its edge perhaps."


def judge_prompts(layout: Layout) -> Iterator[Finding]:
    """Words in plain sight that speak to a program; in a paper about such prompts they are in order."""
    for page in layout.pages:
        lines = [line for line in page.lines if not any(_is_on(word.box, line.box) for word in page.hidden)]
        for at, line in enumerate(lines):
            run = " ".join(each.text for each in lines[at : at + 2])
            match = _SPOKEN_TO_A_READER.search(run)
            if match and match.start() < len(line.text):
                message = (
                    "This reads like an instruction to a language model. If it is an example that the paper is about, "
                    "leave it; if not, remove it."
                )
                yield Finding(
                    "hidden.prompt", WARNS, message, page=page.number, excerpt=run, kind=IDENTITY, box=line.box
                )
                break


def speaks_to_a_program(text: str) -> bool:
    return bool(_INSTRUCTION.search(text) or _RUN_TOGETHER.search(re.sub(r"[^a-z]", "", text.casefold())))


def is_prose(text: str) -> bool:
    """Sentences, as against numbers and labels of a figure."""
    words = re.findall(r"[a-z]+", text.casefold())
    return len(words) >= _SENTENCE and len(_LITTLE_WORDS.intersection(words)) >= 3


def _verdict(text: str, count: int, why: str) -> tuple[str, str]:
    if speaks_to_a_program(text):
        return BLOCKS, f"Words that nobody sees ({why}) speak to a program that reads the paper. {_REMEDY[why]}."
    if is_prose(text):
        return (
            BLOCKS if why == NO_INK else WARNS,
            f"Sentences on this page are {why}: nobody sees them. {_REMEDY[why]}.",
        )
    if count >= _SENTENCE and why != COVERED:
        return WARNS, f"This page has words that nobody sees ({why}). {_REMEDY[why]}."
    return INFORMS, f"Some words on this page are {why}, in a figure perhaps."


def _is_scan(page: Page, covered: int) -> bool:
    """A picture of the page, with the words that a program recognised in it behind."""
    words = sum(len(line.text.split()) for line in [*page.lines, *page.running])
    return covered > _MOST_OF_A_PAGE * words


def _is_on(word: Box, line: Box) -> bool:
    across, up = (word[0] + word[2]) / 2, (word[1] + word[3]) / 2
    return line[0] <= across <= line[2] and line[1] <= up <= line[3]


def _spanning(boxes: Sequence[Box]) -> Box:
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return (min(lefts), min(bottoms), max(rights), max(tops))
