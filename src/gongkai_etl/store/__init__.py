"""Where things are kept: raw files and results in an S3 server, figures in PostgreSQL."""
