"""What went wrong with a recording: why it was not analysed, what is not on its film."""
