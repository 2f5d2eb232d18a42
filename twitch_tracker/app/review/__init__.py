"""Reviews of bursts: what a reviewer sees and does, and agreement."""
