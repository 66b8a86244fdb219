"""What a sceptic runs: a rebuild held against what is published, on this platform or another."""
