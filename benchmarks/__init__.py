"""What things cost: `python -m benchmarks` measures pages, matching, the PDF check, mail and filling, in one run."""
