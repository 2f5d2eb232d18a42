"""What the benchmark is made of: faces, plan, material, the recordings on disk."""
