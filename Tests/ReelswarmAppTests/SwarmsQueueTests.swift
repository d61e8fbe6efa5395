import Foundation
import Metainfo
import Testing

@testable import ReelswarmApp

@Suite struct SwarmsQueueTests {
    private func hash(_ number: UInt8) throws -> InfoHash {
        try #require(InfoHash(bytes: [UInt8](repeating: number, count: 20)))
    }

    @Test func eachWaitsOnceAndTheFirstComeFirst() throws {
        var queue = SwarmQueue()
        queue.append(try [1, 2, 1, 3].map(hash))
        queue.append(try [2, 4].map(hash))
        #expect(queue.count == 4)
        #expect(try [queue.next(), queue.next()] == [hash(1), hash(2)])
        queue.append([try hash(1)])
        #expect(try [queue.next(), queue.next(), queue.next(), queue.next()] == [hash(3), hash(4), hash(1), nil])
    }

    @Test func whatIsPutBackWaitsBehindAllOthers() throws {
        var queue = SwarmQueue()
        queue.append(try [1, 2, 3, 4].map(hash))
        let taken = [queue.next(), queue.next(), queue.next()].compactMap { $0 }
        queue.append([try hash(2)])
        queue.putBack(taken)
        #expect(queue.count == 4)
        #expect(try (0..<5).map { _ in queue.next() } == [hash(4), hash(2), hash(1), hash(3), nil])
    }

    @Test func aServerKeepsItsName() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reelswarm-node-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let name = try NodeID.load(in: folder)
        #expect(name.count == 32)
        #expect(try NodeID.load(in: folder) == name)
        for broken in ["", "short", String(repeating: "g", count: 32), String(repeating: "½", count: 16)] {
            try Data(broken.utf8).write(to: folder.appending(path: "node-id"))
            let fresh = try NodeID.load(in: folder)
            #expect(fresh != name && fresh.count == 32)
        }
        #expect(throws: (any Error).self) { try NodeID.load(in: folder.appending(path: "missing")) }
    }
}
