# The container job (docs/aws-batch.md). No step needs BuildKit: docker, buildah and podman build it alike.
#
#   docker build -t idextractor --build-arg REVISION=$(git rev-parse HEAD) .
#
# Compiled to native code: of the measured ways this is the smallest, starts fastest and takes the
# least memory (docs/aws-batch.md has the numbers).

# The SDK and a linker. The version is exact because the lock files name the packages that come with
# it.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0.401-noble-aot
ARG BASE_IMAGE=mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled

FROM ${SDK_IMAGE} AS build
ENV DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
WORKDIR /source

# The program contains these libraries (src/IdExtractor.Parquet/NativeCodecs.targets): the base image
# below has neither, and without them ZSTD and GZIP pages are decoded by slower managed code.
RUN apt-get update && apt-get install -y --no-install-recommends libdeflate-dev libzstd-dev && rm -rf /var/lib/apt/lists/*

# The files that determine packages come first: this layer stays cached until a version changes.
COPY .editorconfig global.json Directory.Build.props Directory.Packages.props ./
COPY src/IdExtractor/IdExtractor.csproj src/IdExtractor/packages.lock.json src/IdExtractor/
COPY src/IdExtractor.Aws/IdExtractor.Aws.csproj src/IdExtractor.Aws/packages.lock.json src/IdExtractor.Aws/
COPY src/IdExtractor.Core/IdExtractor.Core.csproj src/IdExtractor.Core/packages.lock.json src/IdExtractor.Core/
COPY src/IdExtractor.Parquet/IdExtractor.Parquet.csproj src/IdExtractor.Parquet/packages.lock.json src/IdExtractor.Parquet/
COPY src/IdExtractor.Foundation/IdExtractor.Foundation.csproj src/IdExtractor.Foundation/packages.lock.json src/IdExtractor.Foundation/
RUN dotnet restore src/IdExtractor --locked-mode

COPY LICENSE THIRD-PARTY-NOTICES.txt ./
COPY src src
ARG REVISION=unknown
RUN dotnet publish src/IdExtractor -c Release --no-restore -o /app -p:SourceRevisionId=${REVISION} -warnaserror:IDX0001,IDX0002 \
    -p:RunAnalyzers=false \
    && mkdir -p /empty/tmp && chmod 1777 /empty/tmp

FROM ${BASE_IMAGE}
ARG REVISION=unknown
ARG VERSION=0.2.0
LABEL org.opencontainers.image.title="idextractor" \
      org.opencontainers.image.description="Publishes the distinct ids of a large Parquet table whose document is a CPF of a small one" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

COPY --from=build /app /app
# The program writes to this folder only, and only when ids do not fit in memory. It is declared as
# a volume with its permissions, so that the user below can write to an empty volume mounted here.
COPY --from=build /empty/tmp /tmp
VOLUME /tmp

# A log group can parse JSON lines and metrics.
ENV TMPDIR=/tmp \
    IDEXTRACTOR_LOG=json \
    IDEXTRACTOR_METRICS=emf

# The user of the base image, by number, so that no name lookup is needed.
USER 1654:1654
WORKDIR /
HEALTHCHECK NONE
STOPSIGNAL SIGTERM
ENTRYPOINT ["/app/idextractor"]
CMD ["--help"]
