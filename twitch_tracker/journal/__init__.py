"""The log of months and years: people, recordings, bursts, reviews, diary, treatments."""
