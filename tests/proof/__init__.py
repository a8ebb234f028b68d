"""The proof: everything that can be tried, in parts, with what was tried written down for a sceptical reader."""
