import Metainfo

/// What an encrypted handshake wants done next.
enum EncryptionStep {
    /// Write these bytes as they are.
    case send([UInt8])
    /// The handshake is done. `rest` are the first bytes of the stream as they came; `streams` decrypts them like all
    /// that follow.
    case established(streams: EncryptedStreams, hash: InfoHash, rest: [UInt8])
    /// A plain BitTorrent connection: these are its first bytes.
    case plaintext([UInt8])
    /// Close the connection.
    case failed(EncryptionFailure)
}
