"""How recordings come into the app, are analysed and shown."""
