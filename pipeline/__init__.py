"""What every step of the road shares: settings, errors, files, and the graph of imports."""
