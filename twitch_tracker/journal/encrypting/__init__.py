"""Encryption of a journal: keys, encrypting and decrypting."""
