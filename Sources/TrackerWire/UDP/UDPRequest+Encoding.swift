import ByteCoding
public import Metainfo

extension UDPRequest {
    /// Appends a connect request, 16 bytes.
    public static func appendConnect(transactionID: UInt32, to out: inout [UInt8]) {
        out.append(bigEndian: protocolID)
        out.append(bigEndian: UInt32(0))
        out.append(bigEndian: transactionID)
    }

    /// Appends an announce, 98 bytes and the options for `url`, the path and query of the tracker's URL (BEP 41).
    public static func appendAnnounce(
        _ request: AnnounceRequest, connectionID: UInt64, transactionID: UInt32, url: [UInt8] = [],
        to out: inout [UInt8]
    ) {
        out.append(bigEndian: connectionID)
        out.append(bigEndian: UInt32(1))
        out.append(bigEndian: transactionID)
        request.infoHash.append(to: &out)
        request.peerID.append(to: &out)
        for count in [request.downloaded, request.left, request.uploaded] { out.append(bigEndian: count) }
        out.append(bigEndian: request.event.udpCode)
        out.append(bigEndian: UInt32(0))
        out.append(bigEndian: request.key ?? 0)
        out.append(bigEndian: request.numWant.map { Int32(clamping: $0) } ?? -1)
        out.append(bigEndian: request.port)
        var rest = url[...]
        while !rest.isEmpty {
            let part = rest.prefix(255)
            out.append(2)
            out.append(UInt8(part.count))
            out += part
            rest = rest.dropFirst(part.count)
        }
    }

    /// Appends a scrape of at most 74 torrents.
    public static func appendScrape(
        _ hashes: [InfoHash], connectionID: UInt64, transactionID: UInt32, to out: inout [UInt8]
    ) {
        out.append(bigEndian: connectionID)
        out.append(bigEndian: UInt32(2))
        out.append(bigEndian: transactionID)
        for hash in hashes.prefix(ScrapeRequest.maximumHashes) { hash.append(to: &out) }
    }
}
