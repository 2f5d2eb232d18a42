"""What a person writes down: diary days and treatments."""
