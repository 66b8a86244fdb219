"""What every other room stands on: errors, files, checksums, what is inherited from the user."""
