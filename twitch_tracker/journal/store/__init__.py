"""Where rows and signals lie: database, tables, packing, seals, files."""
