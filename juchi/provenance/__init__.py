"""Where every number, figure, table and claim comes from."""
