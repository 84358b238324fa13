"""What the DAGs' tasks do, one module a stage, joined from the rooms and tested without Airflow."""
