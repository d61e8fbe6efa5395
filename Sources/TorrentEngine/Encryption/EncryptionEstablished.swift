import Metainfo

/// The user event with which `EncryptionHandler` tells the handler behind it that the conversation begins, before
/// the first byte of it.
struct EncryptionEstablished: Equatable, Sendable {
    /// The stream is encrypted; otherwise it is plain, with or without an encrypted handshake before.
    let isEncrypted: Bool
    /// The torrent that the encrypted handshake was about; nil after a plain beginning. The BitTorrent handshake
    /// has to name the same.
    let hash: InfoHash?
}
