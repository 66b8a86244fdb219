"""The pages for the screen."""
