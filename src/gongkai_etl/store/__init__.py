"""The object store and the warehouse."""
