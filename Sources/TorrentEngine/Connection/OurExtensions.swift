import ByteCoding
import PeerWire

/// Our numbers for extension messages and our extension handshake (BEP 10).
enum OurExtensions {
    /// `ut_pex`: understood in any case, asked for by torrents that are downloaded.
    static let peerExchange: UInt8 = 1
    /// `ut_metadata` (BEP 9).
    static let metadata: UInt8 = 2
    /// `lt_donthave` (BEP 54).
    static let dontHave: UInt8 = 3
    /// `upload_only` (BEP 21).
    static let uploadOnly: UInt8 = 4

    /// What a handshake tells of the torrent.
    struct Facts: Equatable, Sendable {
        /// Length of the `info` bytes; nil while they cannot be read.
        var metadataSize: Int?
        /// We take part in the download, so that pieces and metadata may be told to us.
        var isTrading = false
        /// We tell of other peers and want to be told (BEP 11).
        var exchangesPeers = false
        /// We want no more than we have.
        var isUploadOnly = true
    }

    /// Our handshake.
    static func handshake(
        _ facts: Facts, clientName: String, port: UInt16?, requestQueue: Int, yourAddress: IPAddress
    ) -> PeerMessage {
        var numbers: [String: UInt8] = [:]
        if facts.metadataSize != nil || facts.isTrading { numbers[ExtensionName.metadata] = metadata }
        if facts.isTrading {
            numbers[ExtensionName.dontHave] = dontHave
            numbers[ExtensionName.uploadOnly] = uploadOnly
        }
        if facts.exchangesPeers { numbers[ExtensionName.peerExchange] = peerExchange }
        let handshake = ExtensionHandshake(
            messageIDs: numbers, client: clientName, listenPort: port, yourIP: yourAddress,
            requestQueue: requestQueue, metadataSize: facts.metadataSize, isUploadOnly: facts.isUploadOnly)
        return .extended(id: 0, payload: handshake.encoded()[...])
    }
}
