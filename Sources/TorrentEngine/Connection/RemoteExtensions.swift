import ByteCoding
import PeerWire

/// What the peer's extension handshake told (BEP 10); a later one replaces only what it names.
struct RemoteExtensions: Sendable, Equatable {
    /// Its numbers for extension messages; nil for those it does not take.
    var metadataID: UInt8?
    var peerExchangeID: UInt8?
    var dontHaveID: UInt8?
    /// How long it says the torrent's `info` is, in bytes.
    var metadataSize: Int?
    /// Client and version in its own words, cut to 64 characters.
    var client: String?
    /// The port it listens on.
    var listenPort: UInt16?
    /// How many requests it keeps waiting.
    var requestQueue: Int?
    /// Our address as it sees it.
    var ourAddress: IPAddress?
    /// It wants no more than it has (BEP 21).
    var isUploadOnly = false

    mutating func update(from handshake: ExtensionHandshake) {
        func take(_ name: String, _ number: inout UInt8?) {
            if let told = handshake.messageIDs[name] { number = told == 0 ? nil : told }
        }
        take(ExtensionName.metadata, &metadataID)
        take(ExtensionName.peerExchange, &peerExchangeID)
        take(ExtensionName.dontHave, &dontHaveID)
        if let size = handshake.metadataSize { metadataSize = size }
        if let name = handshake.client { client = String(name.prefix(64)) }
        if let port = handshake.listenPort, port != 0 { listenPort = port }
        if let queue = handshake.requestQueue { requestQueue = queue }
        if let address = handshake.yourIP { ourAddress = address }
        isUploadOnly = handshake.isUploadOnly
    }
}
