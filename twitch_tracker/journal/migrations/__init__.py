"""The steps that bring the tables of a journal from version to version."""
