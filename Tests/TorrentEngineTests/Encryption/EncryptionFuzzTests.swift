import Cryptography
import Metainfo
import TestSupport
import Testing

@testable import TorrentEngine

/// Handshakes with bytes changed, dropped and added at random: they end in one of the known ways and never trap.
@Suite struct EncryptionFuzzTests {
    @Test func mutatedHandshakesEndInOrder() throws {
        var generator = SplitMix64(seed: 31)
        let hash = try #require(InfoHash(bytes: [UInt8](repeating: 3, count: 20)))
        var known = ObfuscatedHashes()
        known.insert(hash)
        var failures: Set<EncryptionFailure> = []
        var successes = 0
        for _ in 0..<400 {
            var crafted = try #require(CraftedInitiator(hash))
            crafted.padding = SecureRandom.bytes(.random(in: 0...600, using: &generator))
            crafted.secondPadding = SecureRandom.bytes(.random(in: 0...600, using: &generator))
            crafted.methods = CryptoMethods(rawValue: .random(in: 0...4, using: &generator))
            var peer = EncryptionResponder(policy: .preferred, find: known.find)
            var outcome = HandshakeOutcome()
            outcome.note(peer.receive(crafted.first))
            guard outcome.failure == nil, var second = crafted.second(outcome.sent)?.bytes else { continue }
            if Bool.random(using: &generator) { mutate(&second, &generator) }
            while !second.isEmpty {
                let portion = second.prefix(.random(in: 1...200, using: &generator))
                second.removeFirst(portion.count)
                outcome.note(peer.receive(portion))
            }
            if let failure = outcome.failure { failures.insert(failure) }
            if outcome.established != nil { successes += 1 }
        }
        #expect(successes > 20)
        #expect(failures.isSuperset(of: [.noSynchronisation, .noCommonMethod, .paddingTooLong, .unknownTorrent]))
    }

    @Test func mutatedAnswersEndInOrder() throws {
        var generator = SplitMix64(seed: 32)
        let hash = try #require(InfoHash(bytes: [UInt8](repeating: 3, count: 20)))
        for _ in 0..<200 {
            var mine = EncryptionInitiator(for: hash, policy: .preferred)
            var outcome = HandshakeOutcome()
            outcome.note(mine.start())
            let theirs = try #require(EncryptionKeys())
            let secret = try #require(theirs.secret(with: outcome.sent.prefix(96)))
            let cipher = secret.responderCipher(for: hash)
            var sealed =
                EncryptionFormat.verification + [0, 0, 0, .random(in: 0...3, using: &generator), 0, 4, 1, 2, 3, 4]
            cipher.apply(to: &sealed)
            var answer = theirs.publicKey + SecureRandom.bytes(.random(in: 0...520, using: &generator)) + sealed
            if Bool.random(using: &generator) { mutate(&answer, &generator) }
            while !answer.isEmpty {
                let portion = answer.prefix(.random(in: 1...200, using: &generator))
                answer.removeFirst(portion.count)
                outcome.note(mine.receive(portion))
            }
            #expect(outcome.plaintext == nil)
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ generator: inout SplitMix64) {
        guard let at = bytes.indices.randomElement(using: &generator) else { return }
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes[at] ^= .random(in: 1...255, using: &generator)
        case 1: bytes.remove(at: at)
        default: bytes.insert(.random(in: 0...255, using: &generator), at: at)
        }
    }
}
