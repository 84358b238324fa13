"""收集看板: what operators see and decide. It joins the stages and lives inside Airflow's UI or alone."""
