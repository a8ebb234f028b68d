"""What the suite says at its end: what ran on what, where the time went, and what did not run."""

from tests.suite.running import Outcome


def report(outcomes: list[Outcome], complaints: list[str], missing: list[str], *, strict: bool) -> int:
    """Print it.

    Args:
        complaints: the checks of lint that failed.
        missing: what this machine could not do, and why.
        strict: nothing may be missing.

    Returns:
        The exit code: 1 where something failed or, if strict, is missing.
    """
    for outcome in outcomes:
        _say_times(outcome)
    print("\nWhat ran")
    print(f"  lint: {', '.join(complaints) + ' FAILED' if complaints else 'clean'}")
    for outcome in outcomes:
        print(f"  {outcome.line}")
    skipped = [f"{count} × {reason}" for outcome in outcomes for reason, count in outcome.skipped.items()]
    for line in [*missing, *skipped] or ["nothing"]:
        print(f"  skipped: {line}")
    if strict and missing:
        print("  Nothing above may be skipped here (CI or --strict).")
    if outcomes:
        passed, failed = sum(o.passed for o in outcomes), sum(len(o.failed) for o in outcomes)
        print(f"{passed} passed, {failed} failed, {sum(o.skipped.total() for o in outcomes)} skipped")
    return int(bool(complaints) or not all(o.ok for o in outcomes) or (strict and bool(missing)))


def _say_times(outcome: Outcome) -> None:
    """A line a kind, the longest first. Seconds are those of all workers together."""
    print(f"\nWhere the time went on {outcome.name}")
    for kind, seconds in outcome.seconds_of.most_common():
        print(f"  {seconds:7.1f} s  {outcome.tests_of[kind]:5d}  {kind}")
