/// Why bytes from a peer break the protocol; the connection is closed.
public enum PeerWireError: Error, Hashable, Sendable {
    /// They do not begin with the BitTorrent handshake.
    case notAHandshake
    /// A message is longer than its kind or the limits allow; found from its length prefix.
    case tooLong(length: UInt32)
    /// A message has not the length its kind must have.
    case wrongLength(id: UInt8, length: Int)
    /// The payload of an extension message cannot be read.
    case badExtension
}
