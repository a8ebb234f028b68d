"""The child process: takes one order as JSON on standard input, limits itself, and answers with lines of JSON.

The last line is the answer. An earlier one is what was known before something that may end this process.
"""

import json
import resource
import sys

ADDRESS_SPACE = 1 << 30
CPU_SECONDS = 8
LARGEST_FILE = 512 << 20


def _limit() -> None:
    """Before any PDF library is loaded: what it may use, and that it leaves no core file behind."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _obey(order: dict) -> dict:
    from submissions.pdfcheck.rules import Rules

    if order["do"] == "copy":
        from submissions.pdfcheck.copying import write_copy

        return {"copied": write_copy(order["path"], order["target"], order["content_type"])}
    if order["do"] == "image":
        from submissions.pdfcheck.images import judge_image

        return judge_image(order["path"], Rules.from_dict(order["rules"])).as_dict()
    if order["do"] == "draw":
        from submissions.pdfcheck.picture import write_picture

        return {"drawn": write_picture(order["path"], order["page"], order["target"])}
    if order["do"] == "slide":
        from submissions.pdfcheck.picture import write_slide

        return {"drawn": write_slide(order["path"], order["target"], order["content_type"], order["width"])}
    from submissions.pdfcheck.judging import judge

    return judge(order["path"], Rules.from_dict(order["rules"]), lambda result: _say(result.as_dict())).as_dict()


def _say(answer: dict) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main() -> int:
    _limit()
    order = json.load(sys.stdin)
    try:
        answer = _obey(order)
    except MemoryError:
        from submissions.pdfcheck.child import _TOO_COSTLY
        from submissions.pdfcheck.result import refusal

        answer = refusal("file.too_costly", _TOO_COSTLY).as_dict()
    _say(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
