import Synchronization
import Testing

@testable import Publishing

@Suite struct TurnstileTests {
    /// Counts who is inside.
    final class Room: Sendable {
        private let people = Mutex((now: 0, most: 0))

        var most: Int { people.withLock { $0.most } }
        var now: Int { people.withLock { $0.now } }

        func enter() {
            people.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
        }

        func leave() { people.withLock { $0.now -= 1 } }
    }

    @Test func letsOnlySoManyThrough() async throws {
        let turnstile = Turnstile(places: 3)
        let room = Room()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await turnstile.pass {
                        room.enter()
                        await Task.yield()
                        room.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(room.most <= 3)
        #expect(room.now == 0)
    }

    @Test func aCancelledWaiterLeavesTheLine() async throws {
        let turnstile = Turnstile(places: 1)
        let (release, releaser) = AsyncStream<Void>.makeStream()
        let (entered, enterer) = AsyncStream<Void>.makeStream()
        let holder = Task {
            try await turnstile.pass {
                enterer.yield()
                for await _ in release { break }
            }
        }
        for await _ in entered { break }
        let waiter = Task { try await turnstile.pass { 1 } }
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
        releaser.yield()
        try await holder.value
        #expect(try await turnstile.pass { 2 } == 2)
    }

    @Test func aFailureGivesThePlaceBack() async throws {
        let turnstile = Turnstile(places: 1)
        await #expect(throws: PublishingError.self) { try await turnstile.pass { throw PublishingError(.empty) } }
        #expect(try await turnstile.pass { 2 } == 2)
    }
}
