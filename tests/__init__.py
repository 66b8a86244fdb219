"""Tests: one file for each module, and the whole road in test_workflow and test_bad_input."""

import os

# As in jobs, and before any library asks: threads that wait for one another take many times as long
# where the processes of the tests share the cores.
os.environ |= {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
