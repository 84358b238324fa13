"""Roll-up, documents, open dataset and site."""
