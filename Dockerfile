# One image for web, worker, beat and migrate; compose.yaml says which command each runs.
FROM python:3.13-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MEDIA_ROOT=/data/media MAIL_ROOT=/data/mail
RUN useradd --create-home --uid 10001 logistics && install -d -o logistics -g logistics /data /data/media /data/mail
WORKDIR /srv/logistics
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.txt
COPY . .
# Collecting static files reads the settings but opens no connection: none of these values stays in the image.
RUN SECRET_KEY=unused DATABASE_URL=postgresql://logistics_app@localhost/logistics REDIS_URL=redis://localhost \
    python manage.py collectstatic --noinput -v 0
USER logistics
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s CMD ["python", "-c", \
    "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "logistics.wsgi", "--config", "logistics/gunicorn_conf.py", "--bind", "0.0.0.0:8000"]
