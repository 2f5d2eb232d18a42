"""Simulated patients: years of recordings whose course is known.

They exist for tests, documentation and trying the program out; nothing in them comes
from a person. The generator is deliberately not the model that progression fits.
"""
