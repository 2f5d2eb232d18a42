"""A visit of ten minutes: what a clinician looks at, and its paper."""
