"""Sessions to what a person looks at: page, pictures, overlay."""
