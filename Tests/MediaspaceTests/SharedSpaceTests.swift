import Foundation
import Metainfo
import Testing

@testable import Mediaspace

/// Several processes on one directory, each played by a space of its own: locks and sockets are the same as between
/// processes.
@Suite(.timeLimit(.minutes(1))) struct SharedSpaceTests {
    @Test func oneOwnsAndTheOthersShareWhatItFetches() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film())
        network.seed(film.torrent, film.bytes)
        let spaces = [
            try await Space.fake(folder, network), try await Space.fake(folder, network),
            try await Space.fake(folder, network),
        ]
        #expect(await spaces[0].isOwner)
        #expect(await !spaces[1].isOwner)
        #expect(await !spaces[2].isOwner)
        #expect(await spaces[0].port == 4711)
        #expect(await spaces[1].port == nil)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for space in spaces {
                group.addTask { try await space.completion(of: try await space.get(film.torrent)) }
            }
            try await group.waitForAll()
        }
        #expect(folder.read("film.mp4") == film.bytes)
        #expect(network.sent == Int64(film.bytes.count) && network.additions.count == 1)
        for space in spaces.reversed() { await space.close() }
    }

    @Test func whatOneDoesNotWantAnotherMay() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film())
        network.seed(film.torrent, film.bytes)
        let first = try await Space.fake(folder, network)
        let second = try await Space.fake(folder, network)
        let id = try await first.get(film.torrent, GetOptions(part: .bytes(0..<10)))
        try await first.completion(of: id)
        #expect(network.sent == 16_384)
        try await second.get(film.torrent, GetOptions(part: .bytes(100_000..<100_010)))
        try await second.completion(of: id)
        #expect(network.sent == 2 * 16_384)
        await #expect(throws: SpaceError.self) { try await first.remove(id) }
        try await first.deactivate(id)
        #expect(try await second.active() == [id])
        try await second.remove(id)
        #expect(first.ids.isEmpty)
        await second.close()
        await first.close()
    }

    @Test func aGuestThatGoesTakesItsWishesAlong() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film())
        network.isOpen = false
        network.seed(film.torrent, film.bytes)
        let owner = try await Space.fake(folder, network)
        let guest = try await Space.fake(folder, network)
        let id = try await guest.get(film.torrent)
        #expect(try await owner.active() == [id])
        await guest.close()
        for await statuses in owner.statuses(every: .milliseconds(5)) where statuses.allSatisfy({ !$0.isActive }) {
            break
        }
        #expect(owner.contains(id))
        await owner.close()
    }

    @Test func anOwnerThatLeavesHandsOver() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film())
        network.isOpen = false
        network.seed(film.torrent, film.bytes)
        let owner = try await Space.fake(folder, network)
        let guests = [try await Space.fake(folder, network), try await Space.fake(folder, network)]
        let id = try await guests[0].get(film.torrent)
        try await guests[1].get(film.torrent, GetOptions(part: .bytes(0..<10)))
        let finished = Task { try await guests[0].completion(of: id) }
        let part = Task { try await guests[1].completion(of: id) }
        await owner.close()
        network.isOpen = true
        _ = try await (finished.value, part.value)
        #expect(folder.read("film.mp4") == film.bytes && network.sent == Int64(film.bytes.count))
        let owners = [await guests[0].isOwner, await guests[1].isOwner]
        #expect(owners.count(where: \.self) == 1)
        for guest in guests { await guest.close() }
    }

    @Test func anOwnerThatIsKilledLosesNothingOfTheOthers() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film())
        network.seed(film.torrent, film.bytes)
        let owner = try StandInOwner(folder)
        let guest = try await Space.fake(folder, network)
        #expect(await !guest.isOwner)
        let id = try await guest.get(film.torrent)
        let finished = Task { try await guest.completion(of: id) }
        // Without a word to anybody, as by kill -9: the socket stays in the folder, the lock is free.
        owner.die()
        _ = try await finished.value
        #expect(folder.read("film.mp4") == film.bytes)
        #expect(await guest.isOwner)
        await guest.close()
    }

    @Test func aRequestUnderWayAtAKillIsAskedAgain() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film())
        network.seed(film.torrent, film.bytes)
        let owner = try StandInOwner(folder, answers: false)
        let opening = Task { try await Space.fake(folder, network) }
        while !owner.wasAsked { try await Task.sleep(for: .milliseconds(2)) }
        owner.die()
        let space = try await opening.value
        #expect(await space.isOwner)
        await space.close()
    }

    @Test func aPathLongerThanASocketsNameWorks() async throws {
        let (folder, network, film) = (try TemporaryFolder(), FakeNetwork(), try await Film())
        network.seed(film.torrent, film.bytes)
        let deep = folder.path + "/" + String(repeating: "long/", count: 40) + "films"
        func open() async throws -> Space {
            try await Space.open(
                deep, scanning: false, configuration: SpaceConfiguration(), logger: .quiet
            ) { _ in FakeSwarm(network) }
        }
        let owner = try await open()
        let guest = try await open()
        try await guest.download(try await guest.get(film.torrent))
        #expect(FileManager.default.contents(atPath: deep + "/film.mp4").map(Array.init) == film.bytes)
        await guest.close()
        await owner.close()
    }

    @Test func noiseAtTheSocketEndsThatConnectionAlone() async throws {
        let (folder, network) = (try TemporaryFolder(), FakeNetwork())
        let owner = try await Space.fake(folder, network)
        let path = SpaceFolder(folder.path).socket
        for noise in [Array("GET / HTTP/1.1\r\n\r\n".utf8), [0, 0, 0, 2, 1, 2], [0, 0, 0, 0]] {
            let connection = try #require(LocalConnection.connect(to: path))
            let (closed, continuation) = AsyncStream.makeStream(of: Void.self)
            connection.start(.init(frame: { _ in }, closed: { continuation.finish() }))
            connection.send(noise)
            for await _ in closed {}
        }
        let guest = try await Space.fake(folder, network)
        #expect(try await guest.statuses().isEmpty)
        await guest.close()
        await owner.close()
    }
}
