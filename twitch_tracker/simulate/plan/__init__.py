"""What shall happen in a face, when and how strongly, before any picture."""
