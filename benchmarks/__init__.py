"""Benchmarks: ratios within one run, results in RESULTS.md."""
