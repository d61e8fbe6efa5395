// swift-tools-version: 6.2
import PackageDescription

/// What every target is compiled with: Swift 6 language mode and the checks that keep outside data from trapping.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableExperimentalFeature("Lifetimes"),
    .treatAllWarnings(as: .error),
]

/// Targets that wrap a C library mark nothing as `unsafe`; all others do, so that it stays greppable.
let safe: [SwiftSetting] = strict + [.strictMemorySafety()]

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
]
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")

func library(_ name: String, _ dependencies: [Target.Dependency] = [], settings: [SwiftSetting] = safe) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name + "Tests", dependencies: dependencies + ["TestSupport"], swiftSettings: [])
}

let package = Package(
    name: "reelswarm",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "reelswarm", targets: ["reelswarm"]),
        .executable(name: "reelswarm-media-worker", targets: ["reelswarm-media-worker"]),
        .library(name: "TrackerServer", targets: ["TrackerServer"]),
        .library(name: "Mediaspace", targets: ["Mediaspace"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    ],
    targets: [
        // Floor 0: C
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CLibAV", pkgConfig: "libavformat libavcodec libswscale libswresample libavutil",
            providers: [
                .apt([
                    "libavformat-dev", "libavcodec-dev", "libswscale-dev", "libswresample-dev", "libavutil-dev",
                ])
            ]),
        .systemLibrary(name: "CLinux", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),

        // Floor 1: formats, pure
        library("ByteCoding"),
        library("Bencode", ["ByteCoding"]),
        library("Metainfo", ["Bencode", "ByteCoding"]),
        library("PeerWire", ["Bencode", "ByteCoding", "Metainfo"]),
        library("TrackerWire", ["Bencode", "ByteCoding", "Metainfo"]),
        library("DHTWire", ["Bencode", "ByteCoding", "Metainfo"]),
        library("HTTPWire", ["ByteCoding", httpTypes]),
        library("ClipIndex", ["ByteCoding"]),

        // Floor 2: the machine's libraries, wrapped
        library("Cryptography", ["CLibCrypto"], settings: strict),
        library("Postgres", ["CLibPQ", subprocess, logging], settings: strict),
        library("Media", ["ClipIndex", subprocess, logging]),
        library("MediaWorker", ["CLibAV", "CLinux", "Media", "ClipIndex"], settings: strict),

        // Floor 3: engines
        library("WebServer", ["HTTPWire", "ByteCoding", httpTypes, logging, metrics, lifecycle] + nio),
        library("Dialling", ["ByteCoding", httpClient, logging] + nio),
        library("TorrentCreation", ["Metainfo", "Cryptography"]),
        library(
            "TrackerServer",
            ["TrackerWire", "Metainfo", "ByteCoding", "Cryptography", "CLinux", logging, metrics, lifecycle]),
        library("TrackerClient", ["TrackerWire", "Metainfo", "ByteCoding", "Dialling", logging] + nio),
        library(
            "TorrentEngine",
            [
                "PeerWire", "DHTWire", "TrackerWire", "TrackerClient", "Bencode", "ByteCoding", "Metainfo", "Dialling",
                "Cryptography", "CLinux", logging, metrics, lifecycle,
            ] + nio),
        library(
            "Mediaspace",
            [
                "TorrentEngine", "TorrentCreation", "Media", "ClipIndex", "Metainfo", "ByteCoding", "Dialling", logging,
            ]),

        // Floor 4: the product
        library("Catalog", ["Metainfo", "ClipIndex"]),
        library("Store", ["Catalog", "Postgres", "Metainfo", logging]),
        library("Accounts", ["Catalog", "Store", "Cryptography", logging]),
        library(
            "Publishing",
            ["Catalog", "Store", "Media", "ClipIndex", "TorrentCreation", "Metainfo", logging, lifecycle]),
        library(
            "Site",
            [
                "WebServer", "HTTPWire", "ByteCoding", "Catalog", "Store", "Accounts", "Publishing", "ClipIndex",
                "Metainfo", httpTypes, mustache, logging,
            ]),
        library(
            "ReelswarmApp",
            [
                "Site", "Publishing", "Accounts", "Store", "Catalog", "Postgres", "Media", "ClipIndex", "WebServer",
                "TrackerServer", "TrackerClient", "TorrentEngine", "TorrentCreation", "Mediaspace", "TrackerWire",
                "PeerWire", "HTTPWire",
                "Metainfo", "Cryptography", "ByteCoding", "Dialling", mustache, httpTypes, logging, metrics, lifecycle,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
            ] + nio),
        .executableTarget(name: "reelswarm", dependencies: ["ReelswarmApp"], swiftSettings: strict),
        .executableTarget(name: "reelswarm-media-worker", dependencies: ["MediaWorker"], swiftSettings: strict),

        // Benchmarks
        .executableTarget(
            name: "tracker-load", dependencies: ["TrackerWire", "Metainfo", "ByteCoding", "CLinux"],
            path: "Benchmarks/TrackerLoad", swiftSettings: safe),
        .executableTarget(
            name: "swarm-simulation", dependencies: ["TrackerServer", "Metainfo", "ByteCoding"],
            path: "Benchmarks/SwarmSimulation", swiftSettings: safe),
        .executableTarget(
            name: "clip-plan", dependencies: ["ClipIndex"], path: "Benchmarks/ClipPlan", swiftSettings: safe),

        // Tests
        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .target(name: "TestDatabase", dependencies: ["Postgres", "Store", logging], path: "Tests/TestDatabase"),
        tests("Layering", []),
        tests("ByteCoding", ["ByteCoding"]),
        tests("Bencode", ["Bencode", "ByteCoding"]),
        tests("Metainfo", ["Metainfo", "Bencode", "ByteCoding", "Cryptography"]),
        tests("PeerWire", ["PeerWire", "Metainfo", "Bencode", "ByteCoding"]),
        tests("TrackerWire", ["TrackerWire", "Metainfo", "Bencode", "ByteCoding"]),
        tests("DHTWire", ["DHTWire", "Metainfo", "Bencode", "ByteCoding", "Cryptography"]),
        tests("HTTPWire", ["HTTPWire", "ByteCoding", httpTypes]),
        tests("ClipIndex", ["ClipIndex", "ByteCoding"]),
        tests("Cryptography", ["Cryptography", "ByteCoding"]),
        tests("Postgres", ["Postgres", logging]),
        tests("MediaWorker", ["MediaWorker", "Media", "ClipIndex", "reelswarm-media-worker", logging]),
        tests("WebServer", ["WebServer", "HTTPWire", "ByteCoding", httpTypes, logging] + nio),
        tests("Dialling", ["Dialling", "ByteCoding", logging] + nio),
        tests("TorrentCreation", ["TorrentCreation", "Metainfo", "Cryptography", "ByteCoding"]),
        tests("TrackerServer", ["TrackerServer", "TrackerWire", "Metainfo", "ByteCoding", "Cryptography", logging]),
        tests(
            "TrackerClient",
            ["TrackerClient", "TrackerServer", "TrackerWire", "Metainfo", "ByteCoding", "Dialling", logging] + nio),
        tests(
            "TorrentEngine",
            [
                "TorrentEngine", "TorrentCreation", "PeerWire", "DHTWire", "TrackerWire", "TrackerClient",
                "TrackerServer", "Metainfo", "ByteCoding", "Bencode", "Cryptography", "Dialling", logging,
            ] + nio),
        tests(
            "Mediaspace",
            [
                "Mediaspace", "TorrentEngine", "TorrentCreation", "TrackerServer", "Media", "ClipIndex", "Metainfo",
                "ByteCoding", "Cryptography", "reelswarm-media-worker", logging,
            ]),
        tests("Catalog", ["Catalog", "ClipIndex", "Metainfo"]),
        tests("Store", ["TestDatabase", "Store", "Catalog", "Postgres", "Metainfo", logging]),
        tests("Accounts", ["TestDatabase", "Accounts", "Store", "Catalog", "Postgres", "Cryptography", logging]),
        tests(
            "Publishing",
            [
                "TestDatabase", "Publishing", "Store", "Catalog", "Postgres", "Media", "ClipIndex", "TorrentCreation",
                "Metainfo", "Cryptography", "reelswarm-media-worker", logging,
            ]),
        tests(
            "Site",
            [
                "TestDatabase", "Site", "WebServer", "HTTPWire", "ByteCoding", "Store", "Catalog", "Accounts",
                "Publishing", "Postgres", "Media", "ClipIndex", "Metainfo", "Cryptography", "reelswarm-media-worker",
                httpTypes, mustache, logging,
            ] + nio),
        tests(
            "ReelswarmApp",
            [
                "TestDatabase", "ReelswarmApp", "reelswarm", "reelswarm-media-worker", "Store", "Catalog", "Site",
                "WebServer",
                "TrackerServer", "TrackerClient", "TrackerWire", "TorrentEngine", "TorrentCreation", "Mediaspace",
                "PeerWire", "Media", "ClipIndex", "Metainfo", "Cryptography", "ByteCoding", "Dialling", httpTypes,
                metrics, logging,
            ] + nio),
    ]
)
