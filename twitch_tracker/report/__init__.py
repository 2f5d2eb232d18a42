"""Sessions as people look at them: pages, paper, pictures, overlay."""
