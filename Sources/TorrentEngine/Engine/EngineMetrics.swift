import Metrics

/// What the engine tells the metrics system; labels come from closed sets only.
struct EngineMetrics {
    private let uploaded = Counter(label: "reelswarm_peer_uploaded_bytes_total")
    private let blocks = Counter(label: "reelswarm_peer_blocks_sent_total")
    private let waitingReads = Counter(label: "reelswarm_peer_waiting_reads_total")
    private let handshakes = Counter(label: "reelswarm_peer_handshakes_total")
    private let connections = Gauge(label: "reelswarm_peer_connections")
    private let activeTorrents = Gauge(label: "reelswarm_active_torrents")
    private let closed: [PeerCloseReason: Counter]

    init() {
        let counters = PeerCloseReason.allCases.map {
            ($0, Counter(label: "reelswarm_peer_closed_total", dimensions: [("reason", $0.rawValue)]))
        }
        closed = Dictionary(counters, uniquingKeysWith: { first, _ in first })
    }

    func sent(bytes: Int, blocks count: Int) {
        uploaded.increment(by: bytes)
        blocks.increment(by: count)
    }

    /// A batch had to be read on a worker thread.
    func waitedForDisk() { waitingReads.increment() }

    func handshakeDone() { handshakes.increment() }

    func connectionClosed(_ reason: PeerCloseReason) { closed[reason]?.increment() }

    func report(_ statistics: EngineStatistics) {
        connections.record(statistics.connections)
        activeTorrents.record(statistics.activeTorrents)
    }
}
