"""What Juchi takes of a machine: Pango, Node, and what npm brings, once for all its articles."""
