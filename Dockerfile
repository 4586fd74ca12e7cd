# Waymark as an image: built in one stage, run in another that holds the binary, root certificates and nothing to build with.
#   docker build --tag waymark .
#   docker run --publish 8080:8080 --volume waymark:/data --env WAYMARK_TOKEN_SECRET waymark
FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
# tests/run takes this very command from here and runs it with PROFILE=dev.
ARG PROFILE=release
RUN cargo build --locked --package waymark-api --bin waymark --profile "$PROFILE"

FROM debian:bookworm-slim
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /src/target/release/waymark /usr/local/bin/waymark
COPY LICENSE-MIT LICENSE-APACHE /usr/share/doc/waymark/
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin waymark \
    && install --directory --owner=waymark --group=waymark --mode=0750 /data
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
# Where nothing else is said: SQLite on the volume. A container must listen on every address to be reached.
ENV DATABASE_URL=sqlite:/data/waymark.db \
    WAYMARK_LISTEN=0.0.0.0:8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["waymark"]
CMD ["serve"]
