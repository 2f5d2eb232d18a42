"""Write sessions as files for other programs, and read them back."""
