# Serves an exported model without PyTorch: docker run -v "$PWD/shipped:/models/main:ro" -p 127.0.0.1:8080:8080 IMAGE
FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.13-slim
COPY constraints.txt /tmp/constraints.txt
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir --constraint /tmp/constraints.txt "$(ls /wheels/*.whl)[serve]" \
    && rm -r /wheels /tmp/constraints.txt \
    && useradd --no-create-home --shell /usr/sbin/nologin unspool
USER unspool
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/ready', timeout=2)"]
# One process answers; more processors are used by more threads, and --threads limits them.
ENTRYPOINT ["unspool", "serve", "--host", "0.0.0.0", "--port", "8080", "--log-format", "json"]
CMD ["/models/main"]
