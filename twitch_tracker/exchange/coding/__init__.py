"""Hand coding of other programs, BORIS and ELAN: read and written."""
