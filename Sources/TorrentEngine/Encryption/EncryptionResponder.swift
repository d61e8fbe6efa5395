import ByteCoding
import Cryptography
import Metainfo

/// The end that is called: it tells plain and encrypted handshakes apart.
struct EncryptionResponder: EncryptionHandshake {
    private enum Stage {
        case firstBytes
        /// Looking for the mark behind the padding; it is known not to begin before `from`.
        case synchronising(mark: [UInt8], from: Int)
        case torrent
        case offer
        case padding(Int, CryptoMethods)
        case over
    }

    private let policy: EncryptionPolicy
    private let find: (InfoHash) -> InfoHash?
    private let padding: () -> [UInt8]
    private var stage = Stage.firstBytes
    private var buffer: [UInt8] = []
    private var hash: InfoHash?
    private(set) var secret: EncryptionSecret?
    private var incoming: RC4?
    private var outgoing: RC4?

    /// - Parameters:
    ///   - find: The torrent with this obfuscated hash (`ObfuscatedHashes`), if we have it.
    init(
        policy: EncryptionPolicy, padding: @escaping () -> [UInt8] = EncryptionFormat.padding,
        find: @escaping (InfoHash) -> InfoHash?
    ) {
        self.policy = policy
        self.find = find
        self.padding = padding
    }

    mutating func start() -> [EncryptionStep] { [] }

    mutating func receive(_ bytes: some Collection<UInt8>) -> [EncryptionStep] {
        buffer += bytes
        var steps: [EncryptionStep] = []
        do throws(EncryptionFailure) {
            while try advance(&steps) {}
        } catch {
            wipe()
            steps.append(.failed(error))
        }
        return steps
    }

    mutating func wipe() {
        incoming?.wipe()
        outgoing?.wipe()
        release()
    }

    /// Lets go of everything without touching the ciphers, which the stream goes on with.
    private mutating func release() {
        stage = .over
        buffer = []
        secret?.wipe()
        secret = nil
        incoming = nil
        outgoing = nil
    }

    /// Returns whether there may be more to do with the bytes that are there.
    private mutating func advance(_ steps: inout [EncryptionStep]) throws(EncryptionFailure) -> Bool {
        switch stage {
        case .firstBytes: return try takeFirstBytes(&steps)
        case .synchronising(let mark, let from): return try synchronise(mark, from: from)
        case .torrent: return try takeTorrent()
        case .offer: return try takeOffer()
        case .padding(let count, let method): return takePadding(count, method, &steps)
        case .over: return false
        }
    }

    private mutating func takeFirstBytes(_ steps: inout [EncryptionStep]) throws(EncryptionFailure) -> Bool {
        switch FirstBytes(buffer) {
        case .bitTorrent:
            guard policy != .required else { throw .notEncrypted }
            steps.append(.plaintext(buffer))
            release()
            return false
        case .otherProtocol: throw .notBitTorrent
        case .anything where policy == .off: throw .notBitTorrent
        case .undecided, .anything: return false
        case .publicKey: break
        }
        guard policy != .off else { throw .notBitTorrent }
        guard let keys = EncryptionKeys(), let secret = keys.secret(with: buffer.prefix(EncryptionKeys.byteCount))
        else { throw .badKey }
        buffer.removeFirst(EncryptionKeys.byteCount)
        self.secret = secret
        steps.append(.send(keys.publicKey + padding()))
        stage = .synchronising(mark: secret.digest("req1"), from: 0)
        return true
    }

    private mutating func synchronise(_ mark: [UInt8], from: Int) throws(EncryptionFailure) -> Bool {
        if let end = buffer.end(of: mark, from: from, latestStart: EncryptionFormat.paddingLimit) {
            buffer.removeFirst(end)
            stage = .torrent
            return true
        }
        guard buffer.count < EncryptionFormat.paddingLimit + mark.count else { throw .noSynchronisation }
        stage = .synchronising(mark: mark, from: max(0, buffer.count - mark.count + 1))
        return false
    }

    private mutating func takeTorrent() throws(EncryptionFailure) -> Bool {
        guard buffer.count >= InfoHash.byteCount, let secret else { return false }
        let obfuscated = InfoHash(bytes: secret.masked(buffer.prefix(InfoHash.byteCount)))
        guard let hash = obfuscated.flatMap(find) else { throw .unknownTorrent }
        buffer.removeFirst(InfoHash.byteCount)
        self.hash = hash
        incoming = secret.initiatorCipher(for: hash)
        outgoing = secret.responderCipher(for: hash)
        secret.wipe()
        self.secret = nil
        stage = .offer
        return true
    }

    private mutating func takeOffer() throws(EncryptionFailure) -> Bool {
        guard buffer.count >= 14 else { return false }
        var head = Array(buffer.prefix(14))
        buffer.removeFirst(14)
        incoming?.apply(to: &head)
        guard head.starts(with: EncryptionFormat.verification) else { throw .badVerification }
        let offer = CryptoMethods(rawValue: head[8..<12].reduce(0) { $0 << 8 | UInt32($1) })
        guard let method = policy.choice(from: offer) else { throw .noCommonMethod }
        let count = head.suffix(2).reduce(0) { $0 << 8 | Int($1) }
        guard count <= EncryptionFormat.paddingLimit else { throw .paddingTooLong }
        stage = .padding(count, method)
        return true
    }

    private mutating func takePadding(_ count: Int, _ method: CryptoMethods, _ steps: inout [EncryptionStep]) -> Bool {
        guard buffer.count >= count + 2, let hash else { return false }
        incoming?.skip(count)
        var length = Array(buffer.dropFirst(count).prefix(2))
        incoming?.apply(to: &length)
        let payload = length.reduce(0) { $0 << 8 | Int($1) }
        steps.append(.send(answer(method)))
        let isEncrypted = method == .rc4
        if !isEncrypted { outgoing?.wipe() }
        let streams = EncryptedStreams(
            incoming: incoming, outgoing: isEncrypted ? outgoing : nil, incomingLimit: isEncrypted ? nil : payload)
        let rest = Array(buffer.dropFirst(count + 2))
        release()
        steps.append(.established(streams: streams, hash: hash, rest: rest))
        return false
    }

    private func answer(_ method: CryptoMethods) -> [UInt8] {
        let padding = padding()
        var sealed = EncryptionFormat.verification
        sealed.append(bigEndian: method.rawValue)
        sealed.append(bigEndian: UInt16(clamping: padding.count))
        sealed += padding
        outgoing?.apply(to: &sealed)
        return sealed
    }
}
