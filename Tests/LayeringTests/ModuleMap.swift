/// What each target of Sources may import besides Swift's own modules: the table of the five floors, as code.
///
/// Foundation counts as one of ours to ration: only the targets that name it may use it.
enum ModuleMap {
    static let nio: Set<String> = ["NIOCore", "NIOPosix", "NIOConcurrencyHelpers"]

    static let mayImport: [String: Set<String>] = [
        // Floor 1: formats, pure
        "ByteCoding": [],
        "Bencode": ["ByteCoding"],
        "Metainfo": ["Bencode", "ByteCoding"],
        "PeerWire": ["Bencode", "ByteCoding", "Metainfo"],
        "TrackerWire": ["Bencode", "ByteCoding", "Metainfo"],
        "DHTWire": ["Bencode", "ByteCoding", "Metainfo"],
        "HTTPWire": ["ByteCoding", "HTTPTypes"],
        "ClipIndex": ["ByteCoding"],
        // Floor 2: the machine's libraries, wrapped
        "Cryptography": ["CLibCrypto"],
        "Postgres": ["CLibPQ", "Subprocess", "Logging", "Foundation"],
        "Media": ["ClipIndex", "Subprocess", "Logging", "Foundation"],
        "MediaWorker": ["CLibAV", "CLinux", "Media", "ClipIndex"],
        // Floor 3: engines. IP addresses are one type for all of them, in ByteCoding.
        "WebServer": nio.union(["HTTPWire", "ByteCoding", "HTTPTypes", "Logging", "Metrics", "ServiceLifecycle"]),
        "Dialling": nio.union(["ByteCoding", "AsyncHTTPClient", "NIOSSL", "Logging"]),
        "TorrentCreation": ["Metainfo", "Cryptography"],
        "TrackerServer": nio.union([
            "TrackerWire", "Metainfo", "ByteCoding", "Cryptography", "CLinux", "Logging", "Metrics", "ServiceLifecycle",
        ]),
        "TrackerClient": nio.union(["TrackerWire", "Metainfo", "ByteCoding", "Dialling", "Logging"]),
        "TorrentEngine": nio.union([
            "PeerWire", "DHTWire", "TrackerWire", "TrackerClient", "Bencode", "ByteCoding", "Metainfo", "Dialling",
            "Cryptography", "CLinux", "Logging", "Metrics", "ServiceLifecycle",
        ]),
        "Mediaspace": [
            "TorrentEngine", "TorrentCreation", "Media", "ClipIndex", "Metainfo", "ByteCoding", "Dialling", "Logging",
            "Foundation",
        ],
        // Floor 4: the product
        "Catalog": ["Metainfo", "ClipIndex"],
        "Store": ["Catalog", "Postgres", "Metainfo", "Logging"],
        "Accounts": ["Catalog", "Store", "Cryptography", "Logging"],
        "Publishing": [
            "Catalog", "Store", "Media", "ClipIndex", "TorrentCreation", "Metainfo", "Logging", "ServiceLifecycle",
            "Foundation",
        ],
        "Site": [
            "WebServer", "HTTPWire", "ByteCoding", "HTTPTypes", "Mustache", "Catalog", "Store", "Accounts",
            "Publishing",
            "ClipIndex", "Metainfo", "Logging", "Foundation",
        ],
        "reelswarm": ["ReelswarmApp"],
        "reelswarm-media-worker": ["MediaWorker"],
    ]

    /// Modules of the toolchain, free to all.
    static let swiftsOwn: Set<String> = ["Swift", "Synchronization", "Dispatch", "Glibc"]

    /// Packages' own inner modules that the compiler asks for by name; they are allowed with the module on the left.
    static let partOf: [String: String] = ["Metrics": "CoreMetrics", "ServiceLifecycle": "UnixSignals"]

    /// No HTTP parser but ours serves a request.
    static let nowhere: Set<String> = ["NIOHTTP1", "NIOHTTP2", "NIOExtras", "NIOWebSocket"]
}
