"""What an author looks at: the site served to this machine, and pages built as they are written."""
