import ByteCoding
public import Metainfo

/// A datagram from a client to a tracker (BEP 15). Reading one allocates nothing.
public enum UDPRequest: Hashable, Sendable {
    /// A client asks for a connection id.
    case connect(transactionID: UInt32)
    /// An announce. The `ip` field of the packet is not looked at: the source address counts.
    case announce(connectionID: UInt64, transactionID: UInt32, AnnounceRequest)
    /// A scrape of so many torrents, 1...74; `scrapeHash(at:of:)` reads each.
    case scrape(connectionID: UInt64, transactionID: UInt32, hashCount: Int)

    /// What a connect request begins with instead of a connection id.
    public static let protocolID: UInt64 = 0x0417_2710_1980
    /// The length of an announce without options, in bytes.
    public static let announceByteCount = 98
    private static let headByteCount = 16

    /// The largest datagram that is worth receiving: an announce with options, or a scrape of 74 torrents.
    public static let maximumByteCount = 2048

    /// Reads a datagram.
    public static func decode(_ packet: RawSpan) throws(UDPRequestError) -> UDPRequest {
        guard packet.byteCount <= maximumByteCount else { throw .notARequest }
        var reader = ByteReader(packet)
        guard let connectionID = try? reader.read(UInt64.self), let action = try? reader.read(UInt32.self),
            let transactionID = try? reader.read(UInt32.self)
        else { throw .notARequest }
        do throws(UDPFault) {
            switch action {
            case 0 where connectionID == protocolID: return .connect(transactionID: transactionID)
            case 1:
                let request = try announce(&reader)
                return .announce(connectionID: connectionID, transactionID: transactionID, request)
            case 2:
                let count = min(reader.remaining / InfoHash.byteCount, ScrapeRequest.maximumHashes)
                guard count > 0 else { throw .noHashes }
                return .scrape(connectionID: connectionID, transactionID: transactionID, hashCount: count)
            default: throw .unknownAction
            }
        } catch {
            // A connect that does not begin as it must proves nothing about its source.
            if action == 0 { throw .notARequest }
            throw .refused(connectionID: connectionID, transactionID: transactionID, error)
        }
    }

    /// One of the torrents a scrape packet asks for; nil beyond its end.
    public static func scrapeHash(at index: Int, of packet: RawSpan) -> InfoHash? {
        guard (0..<ScrapeRequest.maximumHashes).contains(index) else { return nil }
        var reader = ByteReader(packet)
        guard (try? reader.skip(headByteCount + index * InfoHash.byteCount)) != nil else { return nil }
        return try? InfoHash(from: &reader)
    }
}
