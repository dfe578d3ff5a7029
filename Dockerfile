# An image that runs zhreport: docker build -t zhreport . && docker run --rm -v "$PWD:/data" zhreport extract reports
FROM python:3.13-slim AS build
WORKDIR /src
COPY . .
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.13-slim
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir "$(ls /wheels/*.whl)[all]" && rm -r /wheels
WORKDIR /data
ENTRYPOINT ["zhreport"]
