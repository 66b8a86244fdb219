"""What `make` runs before there is an environment, hence with the standard library alone."""
