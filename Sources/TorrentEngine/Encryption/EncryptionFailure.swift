/// Why an encrypted handshake came to nothing.
enum EncryptionFailure: String, Error, Sendable, CaseIterable {
    /// The first bytes belong to another protocol, or encryption is off and this is no plain handshake.
    case notBitTorrent = "not_bittorrent"
    /// A plain handshake came where encryption is required, or where we had begun an encrypted one.
    case notEncrypted = "not_encrypted"
    /// The public key is none that an honest peer sends.
    case badKey = "bad_key"
    /// What has to follow the padding did not come within its limit.
    case noSynchronisation = "no_synchronisation"
    /// The peer names a torrent that we do not have.
    case unknownTorrent = "unknown_torrent"
    /// The verification constant is not zero: the peer's keys differ from ours.
    case badVerification = "bad_verification"
    /// A padding longer than 512 bytes is announced.
    case paddingTooLong = "padding_too_long"
    /// Neither of the two finds a stream cipher it wants, or the answer is none of what we offered.
    case noCommonMethod = "no_common_method"
    /// It took longer than the time limit.
    case timedOut = "timed_out"
}
