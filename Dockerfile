FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/serverstats
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY analytics analytics
COPY bot bot
COPY cogs cogs
COPY schemas schemas
COPY texts texts
RUN /opt/serverstats/bin/pip install --no-cache-dir --disable-pip-version-check -c constraints.txt .

FROM python:3.13-slim
# A fixed id, so that a volume keeps its owner over rebuilds.
RUN useradd --uid 10001 --user-group --home-dir /var/lib/serverstats --no-create-home serverstats \
    && install -d -o serverstats -g serverstats -m 0700 /var/lib/serverstats
COPY --from=build /opt/serverstats /opt/serverstats
ENV PATH=/opt/serverstats/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    SERVERSTATS_DATA_DIR=/var/lib/serverstats
USER serverstats
WORKDIR /var/lib/serverstats
VOLUME /var/lib/serverstats
ENTRYPOINT ["serverstats"]
CMD ["run"]
