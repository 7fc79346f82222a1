# One image for every job: `serve` (default), `socket`, `migrate`, `doctor`, `import`, `export`, ...
ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
COPY requirements.lock /build/
RUN python -m venv /venv \
    && /venv/bin/python -m pip install --require-hashes --only-binary=:all: -r /build/requirements.lock
COPY bot /app/bot
COPY workflows /app/workflows
COPY db /app/db
COPY playground /app/playground
RUN /venv/bin/python -m compileall -q --invalidation-mode unchecked-hash /app

FROM python:${PYTHON}
LABEL org.opencontainers.image.title="Touchstone" \
      org.opencontainers.image.description="The innovation committee that lives in Slack" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin touchstone \
    && install --directory --owner=touchstone --group=touchstone /data
COPY --from=build /venv /venv
COPY --from=build /app /app
COPY LICENSE /app/
ENV PATH=/venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/data \
    DATABASE_URL=sqlite:////data/touchstone.db
WORKDIR /data
USER 10001:10001
VOLUME /data
EXPOSE 3000
# SIGTERM goes straight to Touchstone, which finishes what is on its way within ten seconds.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=4s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ.get('TOUCHSTONE_PORT', '3000') + '/healthz', timeout=3)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["serve"]
