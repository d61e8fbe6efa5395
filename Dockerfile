# Two stages: the toolchain builds, the second holds the two programs, what they read, and the libraries they need.
FROM swift:6.3-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends \
        pkg-config libpq-dev libssl-dev libavformat-dev libavcodec-dev libavutil-dev libswscale-dev libswresample-dev libseccomp-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Package.swift ./
COPY Sources Sources
COPY Tests Tests
RUN swift build -c release --product reelswarm --static-swift-stdlib \
    && swift build -c release --product reelswarm-media-worker --static-swift-stdlib \
    && mkdir /programs \
    && cp .build/release/reelswarm .build/release/reelswarm-media-worker /programs/

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends \
        ca-certificates libpq5 libssl3 libavformat59 libavcodec59 libavutil57 libswscale6 libswresample4 libseccomp2 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 7979 --home-dir /data --shell /usr/sbin/nologin reelswarm \
    && mkdir /data && chown reelswarm /data
COPY --from=build /programs/ /usr/bin/
COPY Templates /usr/share/reelswarm/Templates
COPY Public /usr/share/reelswarm/Public
COPY migrations /usr/share/reelswarm/migrations
RUN gzip -9nkf /usr/share/reelswarm/Public/*.css /usr/share/reelswarm/Public/*.js /usr/share/reelswarm/Public/*.svg
USER reelswarm
ENV REELSWARM_DATA_DIR=/data
VOLUME /data
EXPOSE 8080 6969 6969/udp 6881
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/bin/reelswarm"]
CMD ["serve"]
