"""Files that nobody can read without a passphrase, and the keys in use."""
