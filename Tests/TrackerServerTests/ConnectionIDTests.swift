import ByteCoding
import Testing

@testable import TrackerServer

@Suite struct ConnectionIDTests {
    private let ids = ConnectionIDs()
    private let client = address("8.0.0.1")

    @Test(arguments: [1_000_000, 65_535, 65_536, 70_000, UInt32.max - 60]) func liveForTwoMinutes(_ start: UInt32) {
        let id = ids.id(for: client, at: start)
        for age: UInt32 in [0, 1, 60, 120] { #expect(ids.isValid(id, for: client, now: start &+ age)) }
        for age: UInt32 in [121, 200, 65_536, 65_600, 131_072] {
            #expect(!ids.isValid(id, for: client, now: start &+ age))
        }
    }

    /// C04: not from the future, not after the clock has jumped back.
    @Test(arguments: [1, 60, 121, 65_535, 65_536]) func areNotFromTheFuture(_ lead: UInt32) {
        #expect(!ids.isValid(ids.id(for: client, at: 1_000_000 + lead), for: client, now: 1_000_000))
    }

    @Test func belongToAnAddress() {
        let id = ids.id(for: client, at: 1_000_000)
        for other in ["8.0.0.2", "::1", "2600::1", "127.0.0.1"] {
            #expect(!ids.isValid(id, for: address(other), now: 1_000_000))
        }
        #expect(ids.isValid(id, for: address("::ffff:8.0.0.1"), now: 1_000_000))
        #expect(!ConnectionIDs().isValid(id, for: client, now: 1_000_000))
    }

    @Test func everyBitCounts() {
        let id = ids.id(for: client, at: 1_000_000)
        for bit in 0..<64 { #expect(!ids.isValid(id ^ (1 << bit), for: client, now: 1_000_000)) }
        #expect(!ids.isValid(~id, for: client, now: 1_000_000))
    }
}
