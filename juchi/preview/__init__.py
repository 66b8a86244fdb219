"""The pages while they are written, and servers of a built site."""
