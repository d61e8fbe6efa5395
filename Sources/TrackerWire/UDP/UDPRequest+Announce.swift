import ByteCoding
import Metainfo

extension UDPRequest {
    /// Reads an announce from behind its head of 16 bytes.
    static func announce(_ reader: inout ByteReader) throws(UDPFault) -> AnnounceRequest {
        guard reader.remaining >= announceByteCount - 16 else { throw .shortAnnounce }
        let request: AnnounceRequest?
        do throws(ByteReaderError) {
            request = try fields(&reader)
        } catch {
            throw .shortAnnounce
        }
        guard let request else { throw .badEvent }
        guard request.port > 0 else { throw .badPort }
        guard optionsAreWhole(&reader) else { throw .badOptions }
        return request
    }

    /// The fields in the order of the packet; nil for an event that does not exist.
    private static func fields(_ reader: inout ByteReader) throws(ByteReaderError) -> AnnounceRequest? {
        let infoHash = try InfoHash(from: &reader)
        let peerID = try PeerID(from: &reader)
        let downloaded: UInt64 = try reader.read()
        let left: UInt64 = try reader.read()
        let uploaded: UInt64 = try reader.read()
        let event = AnnounceEvent(udpCode: try reader.read())
        // The address a client claims is for nobody's use.
        try reader.skip(4)
        let key: UInt32 = try reader.read()
        let numWant: Int32 = try reader.read()
        let port: UInt16 = try reader.read()
        guard let event else { return nil }
        return AnnounceRequest(
            infoHash: infoHash, peerID: peerID, port: port, uploaded: uploaded, downloaded: downloaded, left: left,
            event: event, numWant: numWant < 0 ? nil : Int(numWant), key: key)
    }

    /// Whether the options behind an announce (BEP 41) end where they say.
    private static func optionsAreWhole(_ reader: inout ByteReader) -> Bool {
        while let kind = try? reader.read(UInt8.self) {
            if kind == 0 { return true }
            if kind == 1 { continue }
            guard let length = try? reader.read(UInt8.self), (try? reader.skip(Int(length))) != nil else {
                return false
            }
        }
        return true
    }

    /// The path and query of the tracker's URL as an announce packet's options give it, in parts put together (BEP 41);
    /// empty when there is none or the options are broken.
    public static func urlData(of packet: RawSpan) -> [UInt8] {
        var reader = ByteReader(packet)
        var url: [UInt8] = []
        guard (try? reader.skip(announceByteCount)) != nil else { return [] }
        while let kind = try? reader.read(UInt8.self), kind != 0 {
            if kind == 1 { continue }
            guard let length = try? reader.read(UInt8.self), let data = try? reader.readBytes(Int(length)) else {
                return []
            }
            if kind == 2 { url += data }
        }
        return url
    }
}

extension AnnounceEvent {
    /// The event of a number in a packet (BEP 15); nil for one that does not exist. 4 stands in no BEP: it is how
    /// libtorrent says `paused` (BEP 21).
    init?(udpCode: UInt32) {
        switch udpCode {
        case 0: self = .none
        case 1: self = .completed
        case 2: self = .started
        case 3: self = .stopped
        case 4: self = .paused
        default: return nil
        }
    }

    /// The number in a packet; a pause goes out as a regular announce, since other trackers may refuse the 4.
    var udpCode: UInt32 {
        switch self {
        case .none, .paused: 0
        case .completed: 1
        case .started: 2
        case .stopped: 3
        }
    }
}
