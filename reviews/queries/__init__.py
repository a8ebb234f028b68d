"""The reading side of the committee's work: what a viewer may see, in a bounded number of SQL queries."""
