"""Benchmark programs, run by `make bench`; not collected by the tests. Figures are ratios within one run."""
