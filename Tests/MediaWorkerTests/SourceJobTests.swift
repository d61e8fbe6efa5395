import Foundation
import Glibc
import Synchronization
import Testing

@testable import Media

/// Jobs over a source that is no file: what a source may do wrong, and a worker.
@Suite struct SourceJobTests {
    /// A source that does whatever a test wants.
    struct Odd: MediaByteSource {
        var size: UInt64 = 100_000
        let answer: @Sendable (UInt64, Int) async throws -> [UInt8]
        func bytes(at offset: UInt64, upTo count: Int) async throws -> [UInt8] { try await answer(offset, count) }
    }

    struct Sentence: Error, CustomStringConvertible {
        let description = "nobody has piece 7"
    }

    static func error(_ source: some MediaByteSource) async -> MediaError? {
        do {
            _ = try await Worker.client.probe(source)
            return nil
        } catch {
            return error
        }
    }

    @Test func aSourceThatFailsEndsTheJobWithItsSentence() async {
        let error = await Self.error(Odd { _, _ in throw Sentence() })
        #expect(error?.kind == .unreadable && error?.detail == "nobody has piece 7")
        let early = Atomic(0)
        let late = Odd { _, count in
            guard early.add(1, ordering: .relaxed).newValue < 3 else { throw Sentence() }
            return [UInt8](repeating: 0x47, count: min(count, 100))
        }
        #expect(await Self.error(late)?.detail == "nobody has piece 7")
    }

    @Test func aSourceThatBreaksItsRulesIsUnreadable() async {
        #expect(await Self.error(Odd { _, _ in [] })?.kind == .unreadable)
        #expect(await Self.error(Odd { _, count in [UInt8](repeating: 0, count: count + 1) })?.kind == .unreadable)
    }

    @Test func bytesThatComeOneByOneAreEnough() async throws {
        let folder = try FilmFolder()
        try folder.film("a.mp3", FilmFolder.tone(seconds: 0.3))
        let source = WatchedSource(try folder.bytes(of: "a.mp3"), atMost: 7)
        #expect(try await Worker.client.probe(source).container == "mp3")
        #expect(source.reads.withLock { $0.allSatisfy { $0.count <= 7 } })
    }

    @Test func anEmptySourceIsNoFilm() async {
        #expect(await Self.error(Odd(size: 0) { _, _ in [] })?.kind == .notAVideo)
    }

    /// No worker is left, and no descriptor of the pair.
    @Test func aCancelledJobLeavesNothing() async throws {
        let size = UInt64.random(in: 1 << 40..<1 << 41)
        let isAsked = AsyncStream.makeStream(of: Void.self)
        let source = Odd(size: size) { _, _ in
            isAsked.continuation.yield()
            try await Task.sleep(for: .seconds(3600))
            return []
        }
        let job = Task { await Self.error(source)?.kind }
        for await _ in isAsked.stream { break }
        #expect(Self.workers(with: "\(size)") == 1)
        job.cancel()
        #expect(await job.value == .workerFailed)
        #expect(Self.workers(with: "\(size)") == 0)
    }

    @Test func aSocketThatWaitsIsClosedWhenCancelled() async throws {
        let places = Mutex<[String]>([])
        let waiting = Task {
            let socket = try LocalSocket()
            places.withLock { $0 = Self.sockets(of: socket.other) }
            defer { withExtendedLifetime(socket) {} }
            _ = try await socket.receive(1)
        }
        while places.withLock({ $0.isEmpty }) { await Task.yield() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        let open = Self.openFiles()
        #expect(places.withLock { $0.allSatisfy { !open.contains($0) } })
    }

    @Test func aFullSocketIsWaitedForAndItsEndSeen() async throws {
        let socket = try LocalSocket()
        let other = dup(socket.other)
        socket.giveAway()
        let much = [UInt8](repeating: 1, count: 4 << 20)
        async let isSent = socket.send(much)
        var got = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while got < much.count {
            let count = await Task.detached { [buffer] in
                var chunk = buffer
                return read(other, &chunk, chunk.count)
            }.value
            guard count > 0 else { break }
            got += count
        }
        buffer.removeAll()
        #expect(try await isSent && got == much.count)
        _ = close(other)
        #expect(try await socket.receive(1) == nil)
        #expect(try await socket.send([1]) == false)
    }

    /// How many workers run with this argument.
    private static func workers(with argument: String) -> Int {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.filter { name in
            guard Int(name) != nil, let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") else {
                return false
            }
            let words = String(decoding: line, as: UTF8.self).split(separator: "\0")
            return words.last == Substring(argument) && words.first?.hasSuffix("media-worker") == true
        }.count
    }

    /// The name of the socket behind a descriptor.
    private static func sockets(of descriptor: CInt) -> [String] {
        [(try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")) ?? ""]
    }

    private static func openFiles() -> Set<String> {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return Set(
            names.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)") })
    }
}

/// A worker whose asking side lies: the real program, its socket held by the test.
@Suite struct LyingPeerTests {
    /// What the worker answers when each ask is answered by `lie`, which gets the ask; nil closes the socket.
    static func answer(_ lie: @escaping @Sendable (SourceAsk) -> [UInt8]?) async throws -> WorkerAnswer {
        var ends: [CInt] = [0, 0]
        try #require(socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &ends) == 0)
        let own = ends[0]
        let process = Process()
        process.executableURL = URL(filePath: Worker.executable)
        process.arguments = ["scan-index", "15", "60", "100000"]
        process.standardInput = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        try (process.standardInput as? FileHandle)?.close()
        let peer = Thread {
            defer { _ = close(own) }
            while true {
                var bytes = [UInt8](repeating: 0, count: SourceAsk.length)
                guard recv(own, &bytes, bytes.count, CInt(MSG_WAITALL)) == bytes.count else { return }
                guard let ask = SourceAsk(decoding: bytes, of: 100_000), let answer = lie(ask) else { return }
                _ = answer.withUnsafeBytes { send(own, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
            }
        }
        peer.start()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return try WorkerAnswer(decoding: [UInt8](output), limit: 1 << 20)
    }

    static let unreadable = MediaError(.unreadable, detail: "bytes could not be had")

    @Test func anAnswerThatBreaksTheRulesEndsTheJob() async throws {
        let lies: [@Sendable (SourceAsk) -> [UInt8]?] = [
            { _ in nil }, { _ in [0, 0, 0, 0, 0] }, { _ in [1, 0, 0, 0, 0] }, { _ in [0, 0xff, 0xff, 0xff, 0xff] },
            { SourceAsk.answer([UInt8](repeating: 0, count: $0.count + 1)) }, { _ in [9, 9, 9, 9, 9, 9, 9, 9] },
        ]
        for lie in lies { #expect(try await Self.answer(lie) == .failure(Self.unreadable)) }
    }

    @Test func aPeerThatDiesEndsTheJob() async throws {
        let folder = try FilmFolder()
        try folder.film("a.ts", FilmFolder.picture(seconds: 4) + FilmFolder.h264)
        let bytes = try folder.bytes(of: "a.ts") + [UInt8](repeating: 0, count: 100_000)
        let count = Atomic(0)
        let answer = try await Self.answer { ask in
            guard count.add(1, ordering: .relaxed).newValue < 9 else { return nil }
            return SourceAsk.answer(Array(bytes[Int(ask.offset)..<Int(ask.offset) + min(ask.count, 5000)]))
        }
        #expect(answer == .failure(Self.unreadable))
    }

    @Test func anyBytesAreAnsweredByAWord() async throws {
        for seed in 0..<12 {
            let random = Mutex(Mutation(seed: UInt64(seed)))
            _ = try await Self.answer { ask in
                random.withLock { random in
                    if Int.random(in: 0..<40, using: &random) == 0 {
                        return (0..<9).map { _ in UInt8.random(in: 0...1, using: &random) }
                    }
                    let count = Int.random(in: 1...ask.count, using: &random)
                    return SourceAsk.answer((0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) })
                }
            }
        }
    }
}
