import ByteCoding
import Metainfo
import TrackerWire

/// One datagram in, at most one out (BEP 15). Pure but for the swarms; one per socket thread, since it reuses a buffer.
///
/// To a source that no connection id proves nothing is answered but a connect, with no more bytes than it sent.
struct UDPExchange {
    /// What happened since the numbers were last taken.
    struct Numbers {
        var connects = 0, answered = 0, refused = 0, scrapes = 0, silences = 0
    }

    /// No answer is longer, and of longer datagrams only so much is read.
    static let longestDatagram = UDPRequest.maximumByteCount

    private let logic: TrackerLogic
    private let ids: ConnectionIDs
    private var peers: [Endpoint] = []
    var numbers = Numbers()

    init(logic: TrackerLogic, ids: ConnectionIDs) {
        self.logic = logic
        self.ids = ids
        peers.reserveCapacity(80)
    }

    /// Writes the answer to `out` and returns its length; 0 for silence.
    @_lifetime(out: copy out)
    mutating func answer(
        _ packet: RawSpan, from source: IPAddress, at localAddress: IPAddress, now: UInt32,
        into out: inout MutableRawSpan
    ) -> Int {
        let length = respond(packet, source, localAddress, now, &out) ?? 0
        if length == 0 { numbers.silences += 1 }
        return length
    }

    @_lifetime(out: copy out)
    private mutating func respond(
        _ packet: RawSpan, _ source: IPAddress, _ localAddress: IPAddress, _ now: UInt32, _ out: inout MutableRawSpan
    ) -> Int? {
        let request: UDPRequest
        do throws(UDPRequestError) {
            request = try UDPRequest.decode(packet)
        } catch {
            guard case .refused(let id, let transactionID, let fault) = error,
                ids.isValid(id, for: source, now: now)
            else { return nil }
            return refuse(transactionID, fault.message, packet.byteCount, &out)
        }
        switch request {
        case .connect(let transactionID):
            numbers.connects += 1
            let id = ids.id(for: source, at: now)
            return UDPResponse.encodeConnect(transactionID: transactionID, connectionID: id, into: &out)
        case .announce(let id, let transactionID, let request):
            guard ids.isValid(id, for: source, now: now) else { return nil }
            // Where nobody needs a passkey the options are not looked at again.
            let url = logic.passkeys.areNeeded ? UDPRequest.urlData(of: packet) : []
            return announce(request, url, transactionID, packet.byteCount, source, localAddress, now, &out)
        case .scrape(let id, let transactionID, let hashCount):
            guard ids.isValid(id, for: source, now: now) else { return nil }
            return scrape(packet, hashCount, transactionID, &out)
        }
    }

    @_lifetime(out: copy out)
    private mutating func announce(
        _ request: AnnounceRequest, _ url: [UInt8], _ transactionID: UInt32, _ packetLength: Int, _ source: IPAddress,
        _ localAddress: IPAddress, _ now: UInt32, _ out: inout MutableRawSpan
    ) -> Int? {
        peers.removeAll(keepingCapacity: true)
        let result = logic.announce(
            request, from: source, at: localAddress, over: .udp, url: url, now: now, into: &peers)
        let counts: SwarmCounts
        switch result {
        case .failure(let refusal): return refuse(transactionID, refusal.message, packetLength, &out)
        case .success(let found): counts = found
        }
        numbers.answered += 1
        let head = UDPResponse.encodeAnnounceHead(
            transactionID: transactionID, interval: UInt32(clamping: logic.policy.interval),
            leechers: UInt32(clamping: counts.leechers + counts.partialSeeds),
            seeders: UInt32(clamping: counts.seeders), into: &out)
        guard let end = head else { return nil }
        return UDPResponse.encode(peers: peers, family: AddressFamily(of: source), at: end, into: &out)
    }

    @_lifetime(out: copy out)
    private mutating func scrape(
        _ packet: RawSpan, _ hashCount: Int, _ transactionID: UInt32, _ out: inout MutableRawSpan
    ) -> Int? {
        if let refusal = logic.scrapeRefusal(url: []) {
            return refuse(transactionID, refusal.message, packet.byteCount, &out)
        }
        numbers.scrapes += 1
        guard var end = UDPResponse.encodeScrapeHead(transactionID: transactionID, into: &out) else { return nil }
        let unknown = ScrapeCounts(complete: 0, downloaded: 0, incomplete: 0)
        for index in 0..<min(hashCount, logic.policy.hashesPerScrape) {
            guard let hash = UDPRequest.scrapeHash(at: index, of: packet) else { break }
            let counts = logic.scrape(hash) ?? unknown
            guard let next = UDPResponse.encode(counts: counts, at: end, into: &out) else { break }
            end = next
        }
        return end
    }

    /// A refusal, cut to the length of what it answers.
    @_lifetime(out: copy out)
    private mutating func refuse(
        _ transactionID: UInt32, _ message: StaticString, _ packetLength: Int, _ out: inout MutableRawSpan
    ) -> Int? {
        numbers.refused += 1
        let end = UDPResponse.encodeError(transactionID: transactionID, message: message, into: &out)
        return end.map { min($0, packetLength) }
    }
}
