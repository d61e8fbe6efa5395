import Catalog

/// How an import stands, in words.
enum ImportWording {
    /// One phrase for the state.
    static func state(_ one: Import) -> String {
        switch one.state {
        case .waiting: "Waiting for its turn"
        case .fetching where one.progress.wanted == 0: "Looking for its list of files"
        case .fetching: "Fetching"
        case .choosing: "Waiting for your choice"
        case .publishing: "Being published"
        case .done: "Published"
        case .failed: "Failed"
        case .cancelled: "Cancelled"
        }
    }

    /// 0 to 100, rounded down; nil while the length is not known.
    static func percent(_ one: Import) -> Int? {
        guard one.state == .fetching || one.state == .publishing, one.progress.wanted > 0 else { return nil }
        return Int(max(0, min(1, Double(one.progress.fetched) / Double(one.progress.wanted))) * 100)
    }

    /// Share, bytes, rate and peers; nil where nothing moves.
    static func detail(_ one: Import) -> String? {
        guard one.state == .fetching else { return percent(one).map { "\($0) %" } }
        let progress = one.progress
        var parts: [String] = []
        if let percent = percent(one) {
            let wanted = ByteWords.binary(progress.wanted)
            parts = ["\(percent) %", "\(ByteWords.binary(progress.fetched)) of \(wanted)"]
        }
        if progress.rate >= 1, progress.rate < 1e15 { parts.append("\(ByteWords.binary(Int64(progress.rate)))/s") }
        parts.append(progress.peers == 0 ? "no peers yet" : progress.peers == 1 ? "1 peer" : "\(progress.peers) peers")
        return parts.joined(separator: " · ")
    }
}
