import Cryptography

/// The two directions of a connection after the handshake. Bytes are changed in place.
final class EncryptedStreams {
    private var incoming: RC4?
    private var outgoing: RC4?
    /// How many incoming bytes are still encrypted; nil: all.
    private var incomingLeft: Int?

    /// - Parameters:
    ///   - outgoing: Nil when what we send is plain.
    ///   - incomingLimit: Only this many bytes come encrypted: the initial payload before a plain stream.
    init(incoming: RC4?, outgoing: RC4?, incomingLimit: Int?) {
        self.incoming = incomingLimit == 0 ? nil : incoming
        self.outgoing = outgoing
        incomingLeft = self.incoming == nil ? nil : incomingLimit
    }

    /// Whether what we send is encrypted.
    var encryptsOutgoing: Bool { outgoing != nil }
    /// Whether anything that comes is still encrypted.
    var decryptsIncoming: Bool { incoming != nil }

    func encrypt(_ bytes: inout MutableRawSpan) { outgoing?.apply(to: &bytes) }

    func decrypt(_ bytes: inout MutableRawSpan) {
        guard let left = incomingLeft else { return incoming?.apply(to: &bytes) ?? () }
        let count = min(left, bytes.byteCount)
        incoming?.apply(toFirst: count, of: &bytes)
        incomingLeft = left - count
        if left == count { end(&incoming) }
    }

    /// Forgets the keys.
    func wipe() {
        end(&incoming)
        end(&outgoing)
    }

    private func end(_ cipher: inout RC4?) {
        cipher?.wipe()
        cipher = nil
    }
}
