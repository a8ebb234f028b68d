"""Faults planted one at a time, to see which tests notice: `python -m tests.mutants leaks|generated|map`.

`leaks.yaml` is a list of faults by which somebody would learn what they must not; `operators` makes small changes of
any kind. Both are planted in scratch copies of the tree, never in the tree itself.
"""
