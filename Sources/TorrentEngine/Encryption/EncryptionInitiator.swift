import ByteCoding
import Cryptography
import Metainfo

/// The end that begins an encrypted handshake.
struct EncryptionInitiator: EncryptionHandshake {
    private enum Stage {
        case remoteKey
        /// Looking for the encrypted zeros behind the padding; those before `from` are known to be elsewhere.
        case synchronising(zeros: [UInt8], from: Int)
        case choice
        case padding(Int, CryptoMethods)
        case over
    }

    /// What is sent encrypted with our second message, so that it costs no round trip: its first 68 bytes at most.
    var initialPayload: [UInt8] = []
    /// Our second message is out: an initial payload comes too late.
    private(set) var hasAnswered = false

    private let hash: InfoHash
    private let offered: CryptoMethods
    private let padding: () -> [UInt8]
    private var stage = Stage.remoteKey
    private var buffer: [UInt8] = []
    private(set) var keys: EncryptionKeys?
    private var outgoing: RC4?
    private var incoming: RC4?

    init(
        for hash: InfoHash, policy: EncryptionPolicy, padding: @escaping () -> [UInt8] = EncryptionFormat.padding
    ) {
        self.hash = hash
        offered = policy.offered
        self.padding = padding
        keys = EncryptionKeys()
    }

    mutating func start() -> [EncryptionStep] {
        guard let keys else { return [.failed(.badKey)] }
        return [.send(keys.publicKey + padding())]
    }

    mutating func receive(_ bytes: some Collection<UInt8>) -> [EncryptionStep] {
        buffer += bytes
        var steps: [EncryptionStep] = []
        do throws(EncryptionFailure) {
            while let step = try advance() { steps.append(step) }
        } catch {
            wipe()
            steps.append(.failed(error))
        }
        return steps
    }

    mutating func wipe() {
        keys?.exponent.wipe()
        outgoing?.wipe()
        incoming?.wipe()
        release()
    }

    /// Lets go of everything without touching the ciphers, which the stream goes on with.
    private mutating func release() {
        stage = .over
        buffer = []
        initialPayload = []
        keys = nil
        outgoing = nil
        incoming = nil
    }

    private mutating func advance() throws(EncryptionFailure) -> EncryptionStep? {
        switch stage {
        case .remoteKey: return try takeKey()
        case .synchronising(let zeros, let from):
            guard try synchronise(zeros, from: from) else { return nil }
            stage = .choice
            return try takeChoice()
        case .choice: return try takeChoice()
        case .padding(let count, let method): return takePadding(count, method)
        case .over: return nil
        }
    }

    private mutating func takeKey() throws(EncryptionFailure) -> EncryptionStep? {
        if case .bitTorrent = FirstBytes(buffer) { throw .notEncrypted }
        guard buffer.count >= EncryptionKeys.byteCount else { return nil }
        guard let secret = keys?.secret(with: buffer.prefix(EncryptionKeys.byteCount)) else { throw .badKey }
        buffer.removeFirst(EncryptionKeys.byteCount)
        let outgoing = secret.initiatorCipher(for: hash)
        let incoming = secret.responderCipher(for: hash)
        let answer = secondMessage(secret, outgoing)
        secret.wipe()
        self.outgoing = outgoing
        self.incoming = incoming
        stage = .synchronising(zeros: incoming.keyStream(EncryptionFormat.verification.count), from: 0)
        return .send(answer)
    }

    private mutating func secondMessage(_ secret: EncryptionSecret, _ cipher: RC4) -> [UInt8] {
        hasAnswered = true
        let padding = padding()
        let payload = initialPayload.prefix(EncryptionFormat.payloadLimit)
        var sealed = EncryptionFormat.verification
        sealed.append(bigEndian: offered.rawValue)
        sealed.append(bigEndian: UInt16(clamping: padding.count))
        sealed += padding
        sealed.append(bigEndian: UInt16(clamping: payload.count))
        sealed += payload
        cipher.apply(to: &sealed)
        return secret.digest("req1") + secret.masked(ObfuscatedHashes.obfuscated(hash).bytes) + sealed
    }

    /// Returns whether the zeros have come; they and the padding before them are removed.
    private mutating func synchronise(_ zeros: [UInt8], from: Int) throws(EncryptionFailure) -> Bool {
        if let end = buffer.end(of: zeros, from: from, latestStart: EncryptionFormat.paddingLimit) {
            buffer.removeFirst(end)
            return true
        }
        guard buffer.count < EncryptionFormat.paddingLimit + zeros.count else { throw .noSynchronisation }
        stage = .synchronising(zeros: zeros, from: max(0, buffer.count - zeros.count + 1))
        return false
    }

    private mutating func takeChoice() throws(EncryptionFailure) -> EncryptionStep? {
        guard buffer.count >= 6 else { return nil }
        var head = Array(buffer.prefix(6))
        buffer.removeFirst(6)
        incoming?.apply(to: &head)
        let choice = CryptoMethods(rawValue: head.prefix(4).reduce(0) { $0 << 8 | UInt32($1) })
        guard choice == .rc4 || choice == .plaintext, offered.contains(choice) else { throw .noCommonMethod }
        let count = head.suffix(2).reduce(0) { $0 << 8 | Int($1) }
        guard count <= EncryptionFormat.paddingLimit else { throw .paddingTooLong }
        stage = .padding(count, choice)
        return takePadding(count, choice)
    }

    private mutating func takePadding(_ count: Int, _ method: CryptoMethods) -> EncryptionStep? {
        guard buffer.count >= count else { return nil }
        incoming?.skip(count)
        let isEncrypted = method == .rc4
        if !isEncrypted {
            incoming?.wipe()
            outgoing?.wipe()
        }
        let streams = EncryptedStreams(
            incoming: isEncrypted ? incoming : nil, outgoing: isEncrypted ? outgoing : nil, incomingLimit: nil)
        let rest = Array(buffer.dropFirst(count))
        release()
        return .established(streams: streams, hash: hash, rest: rest)
    }
}
