"""How the suite runs: lint, the databases that tests are given, pytest, and what is said at the end."""
