"""How somebody comes into the app, and who cannot: names, links, other users."""
