import Cryptography
import Metainfo
import NIOCore
import Testing

@testable import TorrentEngine

@Suite struct EncryptionHandlerTests {
    let hash: InfoHash
    let known: ObfuscatedHashes
    let greeting = [19] + Array("BitTorrent protocol".utf8) + [UInt8](repeating: 1, count: 48)

    init() throws {
        hash = try #require(InfoHash(bytes: [UInt8](repeating: 7, count: 20)))
        var known = ObfuscatedHashes()
        known.insert(hash)
        self.known = known
    }

    private func connect(
        _ near: EncryptionPolicy?, _ far: EncryptionPolicy, hash: InfoHash? = nil, greeting: [UInt8]? = nil,
        timeout: Duration = EncryptionHandler.timeout
    ) async throws -> EncryptedPair {
        try await .connect(
            near, far, hash: hash ?? self.hash, known: known, greeting: greeting ?? self.greeting, timeout: timeout)
    }

    @Test(arguments: [
        (EncryptionPolicy.required, EncryptionPolicy.required, true), (.preferred, .preferred, true),
        (.preferred, .accepted, false),
    ]) func bothEndsTalkThroughIt(near: EncryptionPolicy, far: EncryptionPolicy, isEncrypted: Bool) async throws {
        let pair = try await connect(near, far)
        await pair.farLog.waitFor(bytes: greeting.count)
        let event = EncryptionEstablished(isEncrypted: isEncrypted, hash: hash)
        #expect(pair.farLog.now.bytes == greeting)
        #expect(pair.farLog.now.events == [event] && pair.farLog.now.bytesAtEvent == 0)
        let answer = SecureRandom.bytes(1_500_000)
        let more = SecureRandom.bytes(1_000_000)
        async let written: Void = pair.near.writeAndFlush(ByteBuffer(bytes: more)).get()
        try await pair.far.writeAndFlush(ByteBuffer(bytes: answer)).get()
        try await written
        await pair.nearLog.waitFor(bytes: answer.count)
        await pair.farLog.waitFor(bytes: greeting.count + more.count)
        #expect(pair.nearLog.now.bytes == answer)
        #expect(pair.farLog.now.bytes == greeting + more)
        #expect(pair.nearLog.now.events == [event] && pair.nearLog.now.bytesAtEvent == 0)
        #expect(try await EncryptedPair.hasEncryption(pair.near) == isEncrypted)
        #expect(try await EncryptedPair.hasEncryption(pair.far) == isEncrypted)
        await pair.close()
    }

    /// What is written is not changed under the hands of the one who wrote it.
    @Test func theWritersBufferStaysAsItIs() async throws {
        let pair = try await connect(.required, .required)
        await pair.farLog.waitFor(bytes: greeting.count)
        let kept = ByteBuffer(bytes: SecureRandom.bytes(100_000))
        try await pair.far.writeAndFlush(kept).get()
        await pair.nearLog.waitFor(bytes: kept.readableBytes)
        #expect(pair.nearLog.now.bytes == Array(kept.readableBytesView))
        await pair.close()
    }

    @Test func aPlainConnectionLosesTheHandlerAndNoByte() async throws {
        let pair = try await connect(nil, .accepted)
        await pair.farLog.waitFor(bytes: greeting.count)
        #expect(pair.farLog.now.bytes == greeting)
        #expect(pair.farLog.now.events == [EncryptionEstablished(isEncrypted: false, hash: nil)])
        #expect(pair.farLog.now.bytesAtEvent == 0)
        #expect(try await !EncryptedPair.hasEncryption(pair.far))
        try await pair.far.writeAndFlush(ByteBuffer(string: "plain")).get()
        await pair.nearLog.waitFor(bytes: 5)
        #expect(pair.nearLog.now.bytes == Array("plain".utf8))
        await pair.close()
    }

    @Test func aGreetingLongerThanThePayloadFollowsInTheStream() async throws {
        let long = SecureRandom.bytes(200_000)
        for far in [EncryptionPolicy.accepted, .required] {
            let pair = try await connect(.preferred, far, greeting: long)
            await pair.farLog.waitFor(bytes: long.count)
            #expect(pair.farLog.now.bytes == long)
            await pair.close()
        }
    }

    @Test func aRefusedPlainConnectionIsClosed() async throws {
        let pair = try await connect(nil, .required)
        await pair.nearLog.waitUntilClosed()
        await pair.farLog.waitUntilClosed()
        #expect(pair.farLog.now.failures == [.notEncrypted])
        #expect(pair.farLog.now.bytes.isEmpty && pair.nearLog.now.bytes.isEmpty)
    }

    @Test func anUnknownTorrentIsClosed() async throws {
        let other = try #require(InfoHash(bytes: [UInt8](repeating: 9, count: 20)))
        let pair = try await connect(.preferred, .accepted, hash: other)
        await pair.nearLog.waitUntilClosed()
        #expect(pair.farLog.now.failures == [.unknownTorrent])
        #expect(pair.nearLog.now.events.isEmpty && pair.nearLog.now.bytes.isEmpty)
        await pair.farLog.waitUntilClosed()
    }

    @Test(arguments: [[], Array("\u{13}BitT".utf8), [UInt8](repeating: 0x80, count: 95)] as [[UInt8]])
    func silenceIsClosedAtTheTimeLimit(beginning: [UInt8]) async throws {
        let pair = try await connect(nil, .accepted, greeting: beginning, timeout: .milliseconds(200))
        await pair.nearLog.waitUntilClosed()
        await pair.farLog.waitUntilClosed()
        #expect(pair.farLog.now.failures == [.timedOut])
        #expect(pair.farLog.now.bytes.isEmpty && pair.nearLog.now.bytes.isEmpty)
    }

    @Test func anUnwillingAnswererCloses() async throws {
        let pair = try await connect(.preferred, .off, timeout: .milliseconds(200))
        await pair.nearLog.waitUntilClosed()
        await pair.farLog.waitUntilClosed()
        #expect(pair.farLog.now.failures == [.notBitTorrent])
    }

    /// libtorrent closes a connection whose initial payload is longer than a handshake.
    @Test func onlyAHandshakeTravelsWithTheEncryptedOne() throws {
        var mine = EncryptionInitiator(for: hash, policy: .required, padding: { [] })
        mine.initialPayload = [UInt8](repeating: 1, count: 500)
        var outcome = HandshakeOutcome()
        outcome.note(mine.start())
        let theirs = try #require(EncryptionKeys())
        outcome.sent = []
        outcome.note(mine.receive(theirs.publicKey))
        #expect(outcome.sent.count == 20 + 20 + 14 + 2 + 68)
    }

    @Test func whatWaitedIsRefusedWhenTheConnectionEnds() async throws {
        let pair = try await connect(.required, .off, greeting: [])
        await #expect(throws: (any Error).self) { try await pair.near.writeAndFlush(ByteBuffer(string: "x")).get() }
        await pair.nearLog.waitUntilClosed()
        await pair.farLog.waitUntilClosed()
    }
}
