"""Files in and out of a journal: recording folders, tables, exports."""
