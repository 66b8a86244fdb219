"""Tests: one file for each module, and the whole road in test_workflow and test_bad_input."""
