"""The embedded stack for one machine: PostgreSQL, an S3 server and Airflow as child processes."""
