import Metainfo
import PeerWire

/// Messages in words, for the protocol log.
extension PeerMessage {
    /// What the message says.
    var words: String {
        switch self {
        case .keepAlive: "keep-alive"
        case .choke: "choke"
        case .unchoke: "unchoke"
        case .interested: "interested"
        case .notInterested: "not interested"
        case .have(let piece): "have piece \(piece)"
        case .bitfield(let bytes): "bitfield of \(bytes.count) bytes"
        case .request(let block): "request \(block.words)"
        case .piece(let piece, let begin, let data): Self.blockWords(piece, begin, data.count)
        case .cancel(let block): "cancel \(block.words)"
        case .port(let port): "DHT port \(port)"
        case .suggest(let piece): "suggest piece \(piece)"
        case .haveAll: "have all"
        case .haveNone: "have none"
        case .reject(let block): "reject \(block.words)"
        case .allowedFast(let piece): "allowed fast: piece \(piece)"
        case .extended(let id, let payload): Self.extendedWords(id, payload)
        case .hashRequest(let request): "hash request, \(request.words)"
        case .hashes(let request, let hashes): "hashes, \(request.words), \(hashes.count / 32) of them"
        case .hashReject(let request): "hash reject, \(request.words)"
        case .unknown(let id): "unknown message \(id)"
        }
    }

    static func blockWords(_ piece: PieceIndex, _ begin: UInt32, _ length: Int) -> String {
        "piece \(piece) at \(begin), \(length) bytes"
    }

    private static func extendedWords(_ id: UInt8, _ payload: ArraySlice<UInt8>) -> String {
        guard id == 0, let handshake = try? ExtensionHandshake(decoding: payload) else {
            return "extension message \(id), \(payload.count) bytes"
        }
        var parts = [handshake.messageIDs.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")]
        if let client = handshake.client { parts.append(client) }
        if let size = handshake.metadataSize { parts.append("metadata of \(size) bytes") }
        if let queue = handshake.requestQueue { parts.append("takes \(queue) requests") }
        if handshake.isUploadOnly { parts.append("upload only") }
        return "extension handshake: " + parts.filter { !$0.isEmpty }.joined(separator: ", ")
    }
}

extension BlockRequest {
    fileprivate var words: String { "piece \(piece) at \(begin), \(length) bytes" }
}

extension HashRequest {
    fileprivate var words: String { "layer \(baseLayer) from \(index), \(length), proof of \(proofLayers)" }
}
