"""A visit of ten minutes: a page for clinicians, and the same on paper."""
