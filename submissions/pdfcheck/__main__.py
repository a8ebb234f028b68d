"""The child process: takes one order as JSON on standard input, limits itself, and prints the answer as JSON."""

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
    if order["do"] == "copy":
        from submissions.pdfcheck.copying import write_copy

        return {"copied": write_copy(order["path"], order["target"], order["content_type"])}
    from submissions.pdfcheck.judging import judge
    from submissions.pdfcheck.rules import Rules

    return judge(order["path"], Rules.from_dict(order["rules"])).as_dict()


def main() -> int:
    _limit()
    order = json.load(sys.stdin)
    try:
        answer = _obey(order)
    except MemoryError:
        from submissions.pdfcheck.child import _TOO_COSTLY
        from submissions.pdfcheck.result import refusal

        answer = refusal("file.too_costly", _TOO_COSTLY).as_dict()
    json.dump(answer, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
