import Cryptography
import Metainfo
import Testing

@testable import TorrentEngine

@Suite struct EncryptionHandshakeTests {
    let hash: InfoHash
    let other: InfoHash
    let known: ObfuscatedHashes
    let plain = [19] + Array("BitTorrent protocol".utf8)

    init() throws {
        hash = try #require(InfoHash(bytes: [UInt8](repeating: 7, count: 20)))
        other = try #require(InfoHash(bytes: [UInt8](repeating: 8, count: 20)))
        var known = ObfuscatedHashes()
        known.insert(hash)
        self.known = known
    }

    private func responder(_ policy: EncryptionPolicy = .accepted, padding: Int = 0) -> EncryptionResponder {
        let known = known
        return EncryptionResponder(policy: policy, padding: { SecureRandom.bytes(padding) }, find: known.find)
    }

    private func initiator(_ policy: EncryptionPolicy = .preferred, padding: Int = 0) -> EncryptionInitiator {
        EncryptionInitiator(for: hash, policy: policy, padding: { SecureRandom.bytes(padding) })
    }

    /// Lets both talk until nothing more is said; bytes go over in the given portions.
    private func converse(
        _ first: inout EncryptionInitiator, _ second: inout EncryptionResponder, portion: Int = .max
    ) -> (HandshakeOutcome, HandshakeOutcome) {
        var (ours, theirs) = (HandshakeOutcome(), HandshakeOutcome())
        ours.note(first.start())
        while !ours.sent.isEmpty || !theirs.sent.isEmpty {
            let there = ours.sent.prefix(portion)
            ours.sent.removeFirst(there.count)
            theirs.note(second.receive(there))
            let back = theirs.sent.prefix(portion)
            theirs.sent.removeFirst(back.count)
            ours.note(first.receive(back))
        }
        return (ours, theirs)
    }

    // MARK: Agreement

    @Test(arguments: [
        (EncryptionPolicy.preferred, EncryptionPolicy.accepted, false), (.preferred, .preferred, true),
        (.preferred, .required, true), (.required, .accepted, true), (.required, .required, true),
        (.accepted, .accepted, false),
    ]) func policiesAgreeOnAStream(ours: EncryptionPolicy, theirs: EncryptionPolicy, isEncrypted: Bool) throws {
        for padding in [0, 1, 17, 511, 512] {
            var first = initiator(ours, padding: padding)
            first.initialPayload = Array("hello".utf8)
            var second = responder(theirs, padding: 512 - padding)
            let (near, far) = converse(&first, &second)
            let (one, two) = (try #require(near.established), try #require(far.established))
            #expect(one.hash == hash && two.hash == hash)
            #expect(one.streams.encryptsOutgoing == isEncrypted && two.streams.encryptsOutgoing == isEncrypted)
            // The payload of the handshake is encrypted whatever follows it.
            let sent = near.encrypted(Array(" world".utf8))
            #expect((sent == Array(" world".utf8)) == !isEncrypted)
            #expect(far.decrypted() == Array("hello".utf8))
            var more = HandshakeOutcome()
            more.established = (two.streams, two.hash, [])
            #expect(more.decrypted(sent) == Array(" world".utf8))
            #expect(near.decrypted(far.encrypted(Array("back".utf8))) == Array("back".utf8))
        }
    }

    @Test func anUnwillingResponderRefuses() {
        var first = initiator()
        var second = responder(.off)
        let (_, far) = converse(&first, &second)
        #expect(far.failure == .notBitTorrent)
        #expect(far.sent.isEmpty)
    }

    @Test(arguments: [1, 2, 3, 7, 19, 20, 21, 95, 96, 97, 200])
    func bytesMayComeInAnyPortions(portion: Int) throws {
        for method in [EncryptionPolicy.accepted, .required] {
            var first = initiator(padding: 60)
            first.initialPayload = plain
            var second = responder(method, padding: 33)
            let (near, far) = converse(&first, &second, portion: portion)
            #expect(near.established != nil && far.established != nil)
            #expect(far.decrypted().starts(with: plain.prefix(far.established?.rest.count ?? 0)))
        }
    }

    /// Both messages of the initiator cut in two at every offset.
    @Test func theResponderTakesEverySplit() throws {
        let crafted = try #require(CraftedInitiator(hash))
        for cut in 0...(96 + 5) {
            var peer = responder()
            var outcome = HandshakeOutcome()
            let first = crafted.publicKey + [1, 2, 3, 4, 5]
            outcome.note(peer.receive(first.prefix(cut)))
            #expect(outcome.sent.isEmpty == (cut < 96))
            outcome.note(peer.receive(first.dropFirst(cut)))
            #expect(outcome.sent.count == 96 && !outcome.isOver)
        }
        for cut in 0...(20 + 20 + 14 + 3 + 2 + 4) {
            var crafted = try #require(CraftedInitiator(hash))
            crafted.secondPadding = [9, 9, 9]
            crafted.payload = [1, 2, 3, 4]
            var peer = responder(.preferred)
            var outcome = HandshakeOutcome()
            outcome.note(peer.receive(crafted.first))
            let second = try #require(crafted.second(outcome.sent)).bytes
            outcome.note(peer.receive(second.prefix(cut)))
            #expect(outcome.isOver == (cut >= 59))
            let late = outcome.isOver ? Array(second.dropFirst(cut)) : []
            outcome.note(peer.receive(second.dropFirst(cut)))
            #expect(outcome.decrypted(late) == [1, 2, 3, 4])
        }
    }

    @Test func theInitiatorTakesEverySplit() throws {
        for cut in 0...(96 + 4 + 14 + 2 + 3) {
            var first = initiator(.required)
            var second = responder(.required, padding: 2)
            var (near, far) = (HandshakeOutcome(), HandshakeOutcome())
            near.note(first.start())
            far.note(second.receive(near.sent))
            let (key, padding) = (Array(far.sent.prefix(96)), Array(far.sent.dropFirst(96)))
            near.sent = []
            near.note(first.receive(key))
            far.sent = []
            far.note(second.receive(near.sent))
            let answer = padding + far.sent + far.encrypted([5, 6, 7])
            near.note(first.receive(answer.prefix(max(0, cut - 96))))
            let early = near.established?.rest
            near.note(first.receive(answer.dropFirst(max(0, cut - 96))))
            #expect(near.established != nil)
            #expect(near.decrypted(early == nil ? [] : Array(answer.dropFirst(cut - 96))) == [5, 6, 7])
        }
    }

    @Test func aLongPayloadBeforeAPlainStreamIsDecryptedToItsEnd() throws {
        var crafted = try #require(CraftedInitiator(hash))
        crafted.methods = .plaintext
        crafted.payload = [UInt8](repeating: 65, count: 65_535)
        var peer = responder(.accepted)
        var outcome = HandshakeOutcome()
        outcome.note(peer.receive(crafted.first))
        let second = try #require(crafted.second(outcome.sent)).bytes
        outcome.note(peer.receive(second.prefix(100)))
        var text = outcome.decrypted()
        let streams = try #require(outcome.established).streams
        #expect(streams.decryptsIncoming && !streams.encryptsOutgoing)
        outcome.established = (streams, hash, [])
        text += outcome.decrypted(Array(second.dropFirst(100)) + [1, 2, 3])
        #expect(text == crafted.payload + [1, 2, 3])
        #expect(!streams.decryptsIncoming)
    }

    // MARK: What a responder refuses

    private func failure(_ policy: EncryptionPolicy = .preferred, _ craft: (inout CraftedInitiator) -> Void) throws
        -> EncryptionFailure?
    {
        var crafted = try #require(CraftedInitiator(hash))
        craft(&crafted)
        var peer = responder(policy)
        var outcome = HandshakeOutcome()
        outcome.note(peer.receive(crafted.first))
        guard outcome.failure == nil else { return outcome.failure }
        let sent = outcome.sent.count
        outcome.note(peer.receive(try #require(crafted.second(outcome.sent)).bytes))
        if outcome.failure != nil {
            #expect(outcome.sent.count == sent, "nothing is told to one that is refused")
            #expect(peer.secret == nil)
            #expect(peer.receive([1, 2, 3]).isEmpty)
        }
        return outcome.failure
    }

    @Test func hostileInitiatorsAreRefused() throws {
        #expect(try failure { _ in } == nil)
        #expect(try failure { $0.padding = SecureRandom.bytes(512) } == nil)
        #expect(try failure { $0.padding = SecureRandom.bytes(513) } == .noSynchronisation)
        #expect(try failure { $0.padding = SecureRandom.bytes(100_000) } == .noSynchronisation)
        #expect(try failure { $0.named = other } == .unknownTorrent)
        #expect(try failure { $0.verification[7] = 1 } == .badVerification)
        #expect(try failure { $0.methods = [] } == .noCommonMethod)
        #expect(try failure { $0.methods = CryptoMethods(rawValue: 0xffff_fffc) } == .noCommonMethod)
        #expect(try failure(.required) { $0.methods = .plaintext } == .noCommonMethod)
        #expect(try failure { $0.methods = CryptoMethods(rawValue: .max) } == nil)
        #expect(try failure { $0.secondPadding = SecureRandom.bytes(512) } == nil)
        #expect(try failure { $0.secondPadding = SecureRandom.bytes(513) } == .paddingTooLong)
        #expect(try failure { $0.announcedPadding = 65_535 } == .paddingTooLong)
    }

    /// The right name of a torrent with keys made for another: both hashes were known, the keys differ.
    @Test func keysOfAnotherTorrentAreRefused() throws {
        var crafted = try #require(CraftedInitiator(other))
        crafted.named = hash
        var peer = responder()
        var outcome = HandshakeOutcome()
        outcome.note(peer.receive(crafted.first))
        outcome.note(peer.receive(try #require(crafted.second(outcome.sent)).bytes))
        #expect(outcome.failure == .badVerification)
    }

    /// Zero, one, minus one and more than the modulus. The side that is called answers none of them.
    @Test func weakKeysAreRefused() {
        let zero = [UInt8](repeating: 0, count: 96)
        let one = Array(zero.dropLast() + [1])
        let minusOne = Array(EncryptionKeys.prime.dropLast() + [0x62])
        let most = [UInt8](repeating: 0xff, count: 96)
        for key in [zero, one, minusOne, EncryptionKeys.prime, most] {
            var peer = responder()
            var outcome = HandshakeOutcome()
            outcome.note(peer.receive(key))
            #expect(outcome.failure == (Set(key).count < 48 ? .notBitTorrent : .badKey))
            #expect(outcome.sent.isEmpty)
            var mine = initiator()
            outcome = HandshakeOutcome()
            outcome.note(mine.receive(key))
            #expect(outcome.failure == .badKey)
            #expect(mine.keys == nil)
        }
    }

    @Test func endlessNoiseIsGivenUpWithinItsLimit() {
        for portion in [1, 50, 10_000] {
            var peer = responder()
            var outcome = HandshakeOutcome()
            var fed = 0
            while !outcome.isOver, fed < 20_000 {
                fed += portion
                outcome.note(peer.receive(SecureRandom.bytes(portion)))
            }
            #expect(outcome.failure == .noSynchronisation)
            #expect(fed < 96 + 512 + 20 + portion)
        }
    }

    // MARK: What an initiator refuses

    private func refusal(_ answer: (_ theirs: RC4) -> [UInt8]) throws -> EncryptionFailure? {
        var mine = initiator(.required)
        var outcome = HandshakeOutcome()
        outcome.note(mine.start())
        let theirs = try #require(EncryptionKeys())
        let secret = try #require(theirs.secret(with: outcome.sent.prefix(96)))
        outcome.note(mine.receive(theirs.publicKey))
        outcome.note(mine.receive(answer(secret.responderCipher(for: hash))))
        return outcome.failure
    }

    private func sealed(_ cipher: RC4, _ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        cipher.apply(to: &bytes)
        return bytes
    }

    @Test func hostileRespondersAreRefused() throws {
        let zeros = EncryptionFormat.verification
        #expect(try refusal { sealed($0, zeros + [0, 0, 0, 2, 0, 0]) } == nil)
        #expect(try refusal { sealed($0, zeros + [0, 0, 0, 1, 0, 0]) } == .noCommonMethod)
        #expect(try refusal { sealed($0, zeros + [0, 0, 0, 3, 0, 0]) } == .noCommonMethod)
        #expect(try refusal { sealed($0, zeros + [0, 0, 0, 0, 0, 0]) } == .noCommonMethod)
        #expect(try refusal { sealed($0, zeros + [0xff, 0, 0, 2, 0, 0]) } == .noCommonMethod)
        #expect(try refusal { sealed($0, zeros + [0, 0, 0, 2, 2, 1]) } == .paddingTooLong)
        #expect(try refusal { _ in SecureRandom.bytes(520) } == .noSynchronisation)
        #expect(try refusal { _ in SecureRandom.bytes(519) } == nil)
        #expect(try refusal { SecureRandom.bytes(512) + sealed($0, zeros + [0, 0, 0, 2, 0, 0]) } == nil)
        #expect(try refusal { SecureRandom.bytes(513) + sealed($0, zeros + [0, 0, 0, 2, 0, 0]) } == .noSynchronisation)
    }

    @Test func aPlainAnswerIsNoAnswer() {
        var mine = initiator()
        var outcome = HandshakeOutcome()
        outcome.note(mine.receive(plain))
        #expect(outcome.failure == .notEncrypted)
        #expect(mine.receive(plain).isEmpty)
    }

    // MARK: Plain beginnings

    @Test(arguments: [EncryptionPolicy.off, .accepted, .preferred])
    func plainConnectionsGoThrough(policy: EncryptionPolicy) {
        for cut in 0...25 {
            var peer = responder(policy)
            var outcome = HandshakeOutcome()
            let bytes = plain + [0, 0, 0, 0, 0]
            outcome.note(peer.receive(bytes.prefix(cut)))
            #expect(outcome.isOver == (cut >= 20))
            if !outcome.isOver { outcome.note(peer.receive(bytes.dropFirst(cut))) }
            #expect(outcome.plaintext == (cut >= 20 ? Array(bytes.prefix(cut)) : bytes))
            #expect(outcome.sent.isEmpty)
        }
    }

    @Test func plainConnectionsAreRefusedWhereEncryptionIsRequired() {
        var peer = responder(.required)
        var outcome = HandshakeOutcome()
        outcome.note(peer.receive(plain))
        #expect(outcome.failure == .notEncrypted)
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n", "POST /x HTTP/1.1", "SSH-2.0-OpenSSH", "\u{13}BitTorrent protocoX", "CONNECT a:1",
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}",
    ]) func otherProtocolsAreTurnedAwayAtOnce(greeting: String) {
        var peer = responder()
        var outcome = HandshakeOutcome()
        outcome.note(peer.receive(Array(greeting.utf8)))
        #expect(outcome.failure == .notBitTorrent)
        #expect(outcome.sent.isEmpty)
    }

    /// Whatever else somebody says in text, or fills the line with, gets no answer.
    @Test func whatIsNotRandomGetsNoKeyInReturn() {
        let text = Array(String(repeating: "The quick brown fox jumps over the lazy dog 0123456789. ", count: 3).utf8)
        let filling = [UInt8](repeating: 0xff, count: 300)
        let few: [UInt8] = (0..<200).map { UInt8($0 % 40) + 100 }
        for noise in [text, filling, few] {
            var peer = responder()
            var outcome = HandshakeOutcome()
            outcome.note(peer.receive(noise.prefix(95)))
            #expect(!outcome.isOver)
            outcome.note(peer.receive(noise.dropFirst(95)))
            #expect(outcome.failure == .notBitTorrent)
            #expect(outcome.sent.isEmpty)
        }
    }

    @Test func honestKeysAlwaysLookRandom() throws {
        for _ in 0..<300 { #expect(FirstBytes(try #require(EncryptionKeys()).publicKey) == .publicKey) }
    }

    @Test func nothingIsDecidedWithoutBytes() {
        var peer = responder()
        #expect(peer.start().isEmpty)
        #expect(peer.receive([]).isEmpty)
        #expect(FirstBytes([]) == .undecided)
        #expect(FirstBytes([0x16, 0x03, 0x01]) == .anything)
    }

    // MARK: Keys and policy

    @Test func keysAreWiped() throws {
        var first = initiator()
        let exponent = try #require(first.keys).exponent
        #expect(!exponent.isZero)
        var second = responder(.required)
        let (near, far) = converse(&first, &second)
        #expect(exponent.isZero)
        #expect(first.keys == nil && second.secret == nil)
        let (one, two) = (try #require(near.established).streams, try #require(far.established).streams)
        one.wipe()
        two.wipe()
        #expect(!one.encryptsOutgoing && !one.decryptsIncoming && !two.encryptsOutgoing && !two.decryptsIncoming)
    }

    @Test func abandonedHandshakesAreWiped() throws {
        var first = initiator()
        let exponent = try #require(first.keys).exponent
        first.wipe()
        #expect(exponent.isZero)
        var second = responder()
        _ = second.receive(try #require(EncryptionKeys()).publicKey)
        let secret = try #require(second.secret)
        #expect(!secret.bytes.isZero)
        second.wipe()
        #expect(secret.bytes.isZero)
    }

    @Test func whenToDialEncrypted() {
        func dials(_ policy: EncryptionPolicy) -> [Bool] { (0..<4).map { policy.encryptsDial(attempt: $0) } }
        #expect(dials(.off) == [false, false, false, false])
        #expect(dials(.accepted) == [false, true, false, true])
        #expect(dials(.preferred) == [true, false, true, false])
        #expect(dials(.required) == [true, true, true, true])
    }

    @Test func torrentsAreFoundByTheirObfuscatedHash() {
        var hashes = known
        #expect(hashes.find(ObfuscatedHashes.obfuscated(hash)) == hash)
        #expect(hashes.find(hash) == nil)
        #expect(ObfuscatedHashes.obfuscated(hash).bytes == Digest.sha1(Array("req2".utf8) + hash.bytes))
        hashes.remove(hash)
        #expect(hashes.find(ObfuscatedHashes.obfuscated(hash)) == nil)
    }
}
