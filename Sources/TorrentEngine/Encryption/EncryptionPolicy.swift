/// Whether connections with peers are obfuscated (Message Stream Encryption), and how.
///
/// It hides BitTorrent from boxes on the way that slow it down; it keeps nothing secret from somebody who tries.
public enum EncryptionPolicy: String, Sendable, CaseIterable {
    /// Never: encrypted connections are refused.
    case off
    /// Incoming either way; outgoing plain at first, encrypted when a peer did not take that.
    case accepted
    /// Incoming either way; outgoing encrypted at first, plain when a peer did not take that.
    case preferred
    /// Only connections whose whole stream is encrypted.
    case required

    /// Whether dial number `attempt` to one peer (0 is the first; those that brought a handshake do not count) begins
    /// encrypted.
    func encryptsDial(attempt: Int) -> Bool {
        switch self {
        case .off: false
        case .accepted: !attempt.isMultiple(of: 2)
        case .preferred: attempt.isMultiple(of: 2)
        case .required: true
        }
    }

    /// What may follow an encrypted handshake.
    var offered: CryptoMethods { self == .required ? .rc4 : [.plaintext, .rc4] }

    /// What we choose from what a peer offers; nil when nothing suits. Who only accepts encryption takes the cheaper
    /// stream, since the handshake is hidden either way.
    func choice(from offer: CryptoMethods) -> CryptoMethods? {
        let order: [CryptoMethods] = self == .accepted ? [.plaintext, .rc4] : [.rc4, .plaintext]
        return order.first { offer.contains($0) && offered.contains($0) }
    }
}
