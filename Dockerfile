# The container job (docs/aws-batch.md). No step needs BuildKit: docker, buildah and podman build it alike.
#
#   docker build -t idextractor --build-arg REVISION=$(git rev-parse HEAD) .
#
# Compiled to native code: of the ways that were measured the smallest, the one that starts fastest and takes the least memory (docs/aws-batch.md has the numbers).

# The SDK with a linker beside it. The version is exact because the lock files name the packages that come with it.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0.401-noble-aot
ARG BASE_IMAGE=mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled

FROM ${SDK_IMAGE} AS build
ENV DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
WORKDIR /source

# What packages depend on first: this layer stays until a version changes.
COPY .editorconfig global.json Directory.Build.props Directory.Packages.props ./
COPY src/IdExtractor/IdExtractor.csproj src/IdExtractor/packages.lock.json src/IdExtractor/
COPY src/IdExtractor.Aws/IdExtractor.Aws.csproj src/IdExtractor.Aws/packages.lock.json src/IdExtractor.Aws/
COPY src/IdExtractor.Core/IdExtractor.Core.csproj src/IdExtractor.Core/packages.lock.json src/IdExtractor.Core/
COPY src/IdExtractor.Parquet/IdExtractor.Parquet.csproj src/IdExtractor.Parquet/packages.lock.json src/IdExtractor.Parquet/
COPY src/IdExtractor.Foundation/IdExtractor.Foundation.csproj src/IdExtractor.Foundation/packages.lock.json src/IdExtractor.Foundation/
RUN dotnet restore src/IdExtractor --locked-mode

COPY src src
ARG REVISION=unknown
RUN dotnet publish src/IdExtractor -c Release --no-restore -o /app -p:SourceRevisionId=${REVISION} \
    && mkdir -p /empty/tmp && chmod 1777 /empty/tmp
COPY LICENSE /app/LICENSE

FROM ${BASE_IMAGE}
ARG REVISION=unknown
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="idextractor" \
      org.opencontainers.image.description="Publishes the distinct ids of a large Parquet table whose document is a CPF of a small one" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

COPY --from=build /app /app
# The only folder that is written to, and only when ids do not fit in memory. Declared as a volume with its rights, so that an empty one mounted here may be written to by the user below.
COPY --from=build /empty/tmp /tmp
VOLUME /tmp

# JSON lines and metrics are what a log group can read.
ENV TMPDIR=/tmp \
    IDEXTRACTOR_LOG=json \
    IDEXTRACTOR_METRICS=emf

# By number, so that nothing has to be looked up: the user of the base image.
USER 1654:1654
WORKDIR /
HEALTHCHECK NONE
STOPSIGNAL SIGTERM
ENTRYPOINT ["/app/idextractor"]
CMD ["--help"]
