"""Scaffold: sources and silver models of a publication's tables, to be reviewed."""
