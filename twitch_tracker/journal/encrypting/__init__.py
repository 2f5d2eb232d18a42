"""A journal that nobody opens without a passphrase: keys, and the way there and back."""
