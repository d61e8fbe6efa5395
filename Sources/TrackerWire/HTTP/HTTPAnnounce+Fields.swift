import ByteCoding
import Metainfo

extension HTTPAnnounce {
    /// What has been read of a query so far.
    struct Fields {
        private var infoHash: InfoHash?
        private var peerID: PeerID?
        private var port: UInt16?
        private var left: UInt64?
        private var uploaded: UInt64?
        private var downloaded: UInt64?
        private var event: AnnounceEvent?
        private var numWant: Int?
        private var key: UInt32?
        private var compact = true
        private var noPeerID = false

        /// The keys that mean something.
        private enum Name: String {
            case infoHash = "info_hash", peerID = "peer_id", port, left, uploaded, downloaded, event, key, compact
            case numWant = "numwant", noPeerID = "no_peer_id"

            /// By its length and first letter, which differ, so that one comparison settles it.
            init?(_ key: ArraySlice<UInt8>) {
                let first = key.first.map(Unicode.Scalar.init)
                switch (key.count, first) {
                case (9, "i"): self = .infoHash
                case (7, "p"): self = .peerID
                case (4, "p"): self = .port
                case (4, "l"): self = .left
                case (8, "u"): self = .uploaded
                case (10, "d"): self = .downloaded
                case (5, "e"): self = .event
                case (3, "k"): self = .key
                case (7, "c"): self = .compact
                case (7, "n"): self = .numWant
                case (10, "n"): self = .noPeerID
                default: return nil
                }
                guard key.elementsEqual(rawValue.utf8) else { return nil }
            }
        }

        mutating func read(_ key: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) throws(TrackerFailure) {
            switch Name(key) {
            case .infoHash:
                guard infoHash == nil else { throw TrackerFailure(reason: "There is more than one info_hash.") }
                infoHash = try Self.hash(value)
            case .peerID:
                guard peerID == nil else { return }
                peerID = Self.peerID(value)
                if peerID == nil { throw TrackerFailure(reason: "The peer_id is not 20 bytes.") }
            case .port: if port == nil { port = try Self.number(value, "port") }
            case .left: if left == nil { left = try Self.number(value, "left") }
            case .uploaded: if uploaded == nil { uploaded = try Self.number(value, "uploaded") }
            case .downloaded: if downloaded == nil { downloaded = try Self.number(value, "downloaded") }
            case .event: event = event ?? AnnounceEvent(rawValue: String(decoding: value, as: UTF8.self))
            case .numWant: numWant = numWant ?? QueryParameters.number(value, as: Int32.self).map(Int.init)
            case .key: self.key = self.key ?? Self.key(value)
            case .compact: compact = !value.elementsEqual("0".utf8)
            case .noPeerID: noPeerID = value.elementsEqual("1".utf8)
            case nil: break
            }
        }

        func request() throws(TrackerFailure) -> AnnounceRequest {
            guard let infoHash else { throw TrackerFailure(reason: "The info_hash is missing.") }
            guard let peerID else { throw TrackerFailure(reason: "The peer_id is missing.") }
            guard let port else { throw TrackerFailure(reason: "The port is missing.") }
            guard port > 0 else { throw TrackerFailure(reason: "The port cannot be zero.") }
            guard let left else { throw TrackerFailure(reason: "The number left is missing.") }
            return AnnounceRequest(
                infoHash: infoHash, peerID: peerID, port: port, uploaded: uploaded ?? 0, downloaded: downloaded ?? 0,
                left: left, event: event ?? .none, numWant: numWant, key: key, compact: compact, noPeerID: noPeerID)
        }

        static func hash(_ value: ArraySlice<UInt8>) throws(TrackerFailure) -> InfoHash {
            guard let bytes = QueryParameters.twentyBytes(value) else {
                throw TrackerFailure(reason: "The info_hash is not 20 bytes.")
            }
            var reader = ByteReader(bytes.span)
            do throws(ByteReaderError) {
                return try InfoHash(from: &reader)
            } catch {
                throw TrackerFailure(reason: "The info_hash is not 20 bytes.")
            }
        }

        private static func peerID(_ value: ArraySlice<UInt8>) -> PeerID? {
            guard let bytes = QueryParameters.twentyBytes(value) else { return nil }
            var reader = ByteReader(bytes.span)
            return try? PeerID(from: &reader)
        }

        private static func number<T: FixedWidthInteger>(
            _ value: ArraySlice<UInt8>, _ name: String
        ) throws(TrackerFailure) -> T {
            guard let number = QueryParameters.number(value, as: T.self) else {
                throw TrackerFailure(reason: "The value of \(name) is not a number in its range.")
            }
            return number
        }

        /// A key is any text, mostly eight hexadecimal digits; other texts are folded into 32 bits (FNV-1a).
        private static func key(_ value: ArraySlice<UInt8>) -> UInt32? {
            guard !value.isEmpty else { return nil }
            let digits = value.count <= 8 ? value.map { Hex.value(of: $0) } : [nil]
            if digits.contains(nil) { return value.reduce(0x811c_9dc5) { ($0 ^ UInt32($1)) &* 0x0100_0193 } }
            return digits.reduce(0) { $0 << 4 | UInt32($1 ?? 0) }
        }
    }
}
