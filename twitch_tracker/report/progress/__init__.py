"""The course over months: page, terminal, tables and files."""
