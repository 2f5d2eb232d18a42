"""The course over months and years, and two days side by side."""
