"""The benchmark: what hindcast is measured against, in one run on one machine."""
