"""The generator: from results and prose to an article. It knows no article."""
