"""Files that nobody can read without a passphrase, and who may read them just now."""
