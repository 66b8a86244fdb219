"""What `juchi build` shows where a build fails: of a user's mistake one message, and nothing else.

Snakemake by itself tells the same mistake by the command, the rule and the line of the workflow
that it ended. Where there is no message, as after a crash, all that Snakemake says is shown.
"""

from __future__ import annotations

import logging
import os
import sys

from juchi.core.errors import BRIEF, kept_messages, messages_in

__all__ = ["follow"]

# What Snakemake says before anything runs.
_CHATTER = (
    "Assuming unrestricted shared",
    "Building DAG of jobs",
    "Using shell:",
    "Waiting at most",
)
# What it says of a job that has failed, and of a build that fails by it.
_FAILURE = (
    "RuleException:\nCalledProcessError",
    "Shutting down, this might take some time",
    "Exiting because a job execution failed",
    "Complete log(s):",
    "Elapsed time:",
    "WorkflowError:\nAt least one job did not complete",
)


def _passes(record: logging.LogRecord) -> bool:
    """Tell whether Snakemake says it itself; a message in it is printed without what is around."""
    said = record.getMessage()
    kept = {str(message) for message in kept_messages()}
    if messages := messages_in(said):
        # What is kept is printed last.
        for message in dict.fromkeys(map(str, messages)):
            if message not in kept:
                print(message, file=sys.stderr)
        return False
    return not said.startswith((*_CHATTER, *(_FAILURE if kept else ())))


def follow() -> None:
    """Leave out of what this process's Snakemake says what is no message, if `juchi` started it."""
    if not os.environ.get(BRIEF):
        return
    for shown in logging.getLogger("snakemake.logging").handlers:
        if shown.name == "DefaultStreamHandler":
            shown.addFilter(_passes)
