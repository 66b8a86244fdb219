"""From results to facts and verdicts."""
