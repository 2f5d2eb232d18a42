"""What is said of now: how it is against a while ago, and where an injection stands."""
