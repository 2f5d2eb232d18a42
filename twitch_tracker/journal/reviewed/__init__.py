"""Reviews: acts that are only ever added, folded over what was detected."""
