import ByteCoding
import PeerWire

/// Our numbers for extension messages and our extension handshake (BEP 10).
enum OurExtensions {
    /// `ut_pex`: understood, though not asked for.
    static let peerExchange: UInt8 = 1
    /// `ut_metadata` (BEP 9).
    static let metadata: UInt8 = 2

    /// Our handshake. `metadataSize` is nil while the `info` bytes cannot be read.
    static func handshake(
        metadataSize: Int?, clientName: String, port: UInt16?, requestQueue: Int, yourAddress: IPAddress
    ) -> PeerMessage {
        let handshake = ExtensionHandshake(
            messageIDs: metadataSize == nil ? [:] : [ExtensionName.metadata: metadata], client: clientName,
            listenPort: port, yourIP: yourAddress, requestQueue: requestQueue, metadataSize: metadataSize,
            isUploadOnly: true)
        return .extended(id: 0, payload: handshake.encoded()[...])
    }
}
