public import ByteCoding

/// Writing into memory of the caller: nothing is allocated, so a server can answer whole batches from one buffer.
/// Each function returns how many bytes it wrote, or nil, having written nothing of use, when they do not fit.
extension UDPResponse {
    /// The length of an announce answer without peers, in bytes.
    public static let announceHeadByteCount = 20
    /// The length of a scrape answer without counts, in bytes.
    public static let scrapeHeadByteCount = 8

    /// Writes the answer to a connect, 16 bytes.
    @_lifetime(out: copy out)
    public static func encodeConnect(
        transactionID: UInt32, connectionID: UInt64, into out: inout MutableRawSpan
    ) -> Int? {
        guard writeHead(action: 0, transactionID, into: &out), out.store(bigEndian: connectionID, at: 8) else {
            return nil
        }
        return 16
    }

    /// Writes the head of an announce answer, 20 bytes; `encode(peer:at:into:)` adds the peers behind it.
    @_lifetime(out: copy out)
    public static func encodeAnnounceHead(
        transactionID: UInt32, interval: UInt32, leechers: UInt32, seeders: UInt32, into out: inout MutableRawSpan
    ) -> Int? {
        guard writeHead(action: 1, transactionID, into: &out), out.store(bigEndian: interval, at: 8),
            out.store(bigEndian: leechers, at: 12), out.store(bigEndian: seeders, at: 16)
        else { return nil }
        return announceHeadByteCount
    }

    /// Writes one peer at `offset` and returns where the next goes. A peer of another family than the packet's must not
    /// be given; it would shift all that follow.
    @_lifetime(out: copy out)
    public static func encode(peer: Endpoint, at offset: Int, into out: inout MutableRawSpan) -> Int? {
        let portOffset = offset + peer.address.byteCount
        guard peer.address.store(into: &out, at: offset), out.store(bigEndian: peer.port, at: portOffset) else {
            return nil
        }
        return portOffset + 2
    }

    /// Writes those peers that are of `family`, as many as fit, from `offset` on and returns where they end.
    @_lifetime(out: copy out)
    public static func encode(
        peers: [Endpoint], family: AddressFamily, at offset: Int, into out: inout MutableRawSpan
    ) -> Int {
        let isIPv4 = family == .ipv4
        let size = family.endpointByteCount
        return unsafe out.withUnsafeMutableBytes { bytes in
            var end = max(0, offset)
            for peer in peers where peer.address.isIPv4 == isIPv4 {
                guard bytes.count - end >= size else { break }
                if isIPv4 {
                    let bits = UInt32(truncatingIfNeeded: peer.address.v6Halves.low)
                    unsafe bytes.storeBytes(of: bits.bigEndian, toByteOffset: end, as: UInt32.self)
                } else {
                    let (high, low) = peer.address.v6Halves
                    unsafe bytes.storeBytes(of: high.bigEndian, toByteOffset: end, as: UInt64.self)
                    unsafe bytes.storeBytes(of: low.bigEndian, toByteOffset: end + 8, as: UInt64.self)
                }
                unsafe bytes.storeBytes(of: peer.port.bigEndian, toByteOffset: end + size - 2, as: UInt16.self)
                end += size
            }
            return end
        }
    }

    /// Writes a whole announce answer: of its peers those of `family`, as many as fit.
    @_lifetime(out: copy out)
    public static func encodeAnnounce(
        transactionID: UInt32, _ answer: AnnounceAnswer, family: AddressFamily, into out: inout MutableRawSpan
    ) -> Int? {
        let head = encodeAnnounceHead(
            transactionID: transactionID, interval: answer.interval, leechers: answer.leechers,
            seeders: answer.seeders, into: &out)
        return head.map { encode(peers: answer.peers, family: family, at: $0, into: &out) }
    }

    /// Writes the head of a scrape answer, 8 bytes; `encode(counts:at:into:)` adds the counts behind it.
    @_lifetime(out: copy out)
    public static func encodeScrapeHead(transactionID: UInt32, into out: inout MutableRawSpan) -> Int? {
        writeHead(action: 2, transactionID, into: &out) ? scrapeHeadByteCount : nil
    }

    /// Writes the counts of one torrent, 12 bytes, at `offset` and returns where the next go.
    @_lifetime(out: copy out)
    public static func encode(counts: ScrapeCounts, at offset: Int, into out: inout MutableRawSpan) -> Int? {
        guard out.store(bigEndian: counts.complete, at: offset),
            out.store(bigEndian: counts.downloaded, at: offset + 4),
            out.store(bigEndian: counts.incomplete, at: offset + 8)
        else { return nil }
        return offset + 12
    }

    /// Writes a refusal with a fixed text, cut where `out` ends.
    @_lifetime(out: copy out)
    public static func encodeError(
        transactionID: UInt32, message: StaticString, into out: inout MutableRawSpan
    ) -> Int? {
        guard writeHead(action: 3, transactionID, into: &out) else { return nil }
        var end = 8
        guard message.hasPointerRepresentation else { return end }
        let text = unsafe UnsafeBufferPointer(start: message.utf8Start, count: message.utf8CodeUnitCount)
        for index in text.indices {
            guard out.store(bigEndian: unsafe text[index], at: end) else { break }
            end += 1
        }
        return end
    }

    @_lifetime(out: copy out)
    private static func writeHead(action: UInt32, _ transactionID: UInt32, into out: inout MutableRawSpan) -> Bool {
        out.store(bigEndian: action, at: 0) && out.store(bigEndian: transactionID, at: 4)
    }
}
