public import ByteCoding

/// A datagram from a tracker to a client (BEP 15).
public enum UDPResponse: Hashable, Sendable {
    /// The id to use in the next requests, for a minute.
    case connect(transactionID: UInt32, connectionID: UInt64)
    /// The peers of a torrent; `interval`, `leechers`, `seeders` and `peers` are filled in.
    case announce(transactionID: UInt32, AnnounceAnswer)
    /// Counts in the order of the hashes asked for.
    case scrape(transactionID: UInt32, [ScrapeCounts])
    /// A refusal, in words.
    case error(transactionID: UInt32, message: String)

    /// Which request is answered.
    public var transactionID: UInt32 {
        switch self {
        case .connect(let id, _), .announce(let id, _), .scrape(let id, _), .error(let id, _): id
        }
    }

    /// Reads a datagram; `family` is that of the packet, which decides on the size of peers. Throws for one that is too
    /// short or of no known action.
    public static func decode(
        _ packet: RawSpan, family: AddressFamily, limits: TrackerAnswerLimits = TrackerAnswerLimits()
    ) throws(ByteReaderError) -> UDPResponse {
        var reader = ByteReader(packet)
        let action: UInt32 = try reader.read()
        let transactionID: UInt32 = try reader.read()
        switch action {
        case 0: return .connect(transactionID: transactionID, connectionID: try reader.read())
        case 1:
            let interval: UInt32 = try reader.read()
            let leechers: UInt32 = try reader.read()
            let seeders: UInt32 = try reader.read()
            let peers = Endpoint.list(compact: reader.readRemaining(), isIPv4: family == .ipv4, limit: limits.peers)
            return .announce(
                transactionID: transactionID,
                AnnounceAnswer(interval: interval, seeders: seeders, leechers: leechers, peers: peers))
        case 2:
            var counts: [ScrapeCounts] = []
            while reader.remaining >= 12, counts.count < ScrapeRequest.maximumHashes {
                let complete: UInt32 = try reader.read()
                let downloaded: UInt32 = try reader.read()
                counts.append(
                    ScrapeCounts(complete: complete, downloaded: downloaded, incomplete: try reader.read()))
            }
            return .scrape(transactionID: transactionID, counts)
        case 3:
            let message = String(decoding: reader.readRemaining().prefix(limits.words), as: UTF8.self)
            return .error(transactionID: transactionID, message: message)
        default: throw .endOfBytes
        }
    }
}
