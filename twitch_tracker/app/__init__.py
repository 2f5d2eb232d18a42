"""The local web app: record at home, review in clinic; serves this computer only."""
