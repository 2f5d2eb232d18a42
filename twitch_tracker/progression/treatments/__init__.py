"""What followed injections, operations and drugs."""
