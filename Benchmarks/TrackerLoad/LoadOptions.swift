import Metainfo

/// What a run does, from the command line.
struct LoadOptions {
    static let usage = """
        usage: tracker-load udp|fill|http|echo|hashes [OPTION VALUE]...
          udp     announces through connected sockets, a window of them outstanding; fills the swarms first
          fill    announces every peer of every torrent once, and again until it is answered
          http    announces over keep-alive connections, or one connection each with --once 1
          echo    a server that answers datagrams with as many bytes and does nothing else
          hashes  prints the torrents' hashes, one a line
          --host 127.0.0.1 --port N         the tracker
          --torrents 1000 --peers 100       swarms and peers in each
          --seconds 10 --numwant 30
          --sockets 8 --window 256          (udp) sockets, requests outstanding in all
          --churn 0                         (udp) percent of announces from peers that come and go
          --connections 32 --depth 1        (http) connections, requests outstanding on each
          --fill 1                          (udp) whether to fill first
          --pid N                           the tracker's process, whose processor time and memory are told
          --json 1
        """

    enum Mode: String {
        case udp, fill, http, echo, hashes
    }

    let mode: Mode
    private let values: [String: String]

    init(arguments: some Collection<String>) throws(LoadError) {
        guard let name = arguments.first, let mode = Mode(rawValue: name) else {
            throw LoadError(sentence: Self.usage)
        }
        self.mode = mode
        var values: [String: String] = [:]
        var rest = arguments.dropFirst()
        while let key = rest.popFirst() {
            guard key.hasPrefix("--"), let value = rest.popFirst() else { throw LoadError(sentence: Self.usage) }
            values[String(key.dropFirst(2))] = value
        }
        self.values = values
    }

    var host: String { values["host"] ?? "127.0.0.1" }
    var port: UInt16 { UInt16(clamping: number("port", 6969)) }
    var population: Population { Population(torrents: number("torrents", 1000), peers: number("peers", 100)) }
    var seconds: Double { Double(number("seconds", 10)) }
    var numWant: Int { number("numwant", 30) }
    var sockets: Int { number("sockets", 8) }
    var window: Int { number("window", 256) }
    var churn: Int { number("churn", 0) }
    var connections: Int { number("connections", 32) }
    var depth: Int { number("depth", 1) }
    var fillsFirst: Bool { number("fill", 1) != 0 }
    var isOnce: Bool { number("once", 0) != 0 }
    var isJSON: Bool { number("json", 0) != 0 }
    var pid: Int? { values["pid"].flatMap { Int($0) } }

    private func number(_ key: String, _ other: Int) -> Int { values[key].flatMap { Int($0) } ?? other }
}

extension LoadOptions.Mode {
    /// Does the run; nil when there is nothing to report.
    func run(_ options: LoadOptions) throws(LoadError) -> LoadReport? {
        switch self {
        case .udp, .fill: return try UDPLoad(options).run()
        case .http: return try HTTPLoad(options).run()
        case .echo:
            try EchoServer(options).run()
            return nil
        case .hashes:
            for torrent in 0..<options.population.torrents { print(options.population.hash(torrent).hex) }
            return nil
        }
    }
}
