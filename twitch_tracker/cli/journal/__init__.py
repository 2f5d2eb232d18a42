"""Commands of the journal: people, recordings, treatments, diary, exports."""
