"""A person as a FHIR R4 bundle."""
