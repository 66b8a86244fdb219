"""The site as it is published: metadata, citation, archives, releases."""
