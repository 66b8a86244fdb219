"""What is checked before anything is rendered."""
