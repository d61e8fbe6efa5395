import Foundation
import Glibc
import Testing

@testable import Media

/// A worker that was loaded ahead does what a fresh one does, and goes when nobody needs it.
@Suite struct WaitingWorkerTests {
    /// A client whose workers are told from all others by their path, and a film to cut.
    private final class Desk {
        let folder: FilmFolder
        let film: String
        let client: MediaWorkerClient
        private let executable: String

        init(patience: Duration = .seconds(600)) throws {
            folder = try FilmFolder()
            film = try folder.film(
                "a.mp4", FilmFolder.picture(seconds: 4) + FilmFolder.tone(seconds: 4) + FilmFolder.h264)
            executable = folder.path("reelswarm-media-worker")
            try FileManager.default.createSymbolicLink(atPath: executable, withDestinationPath: Worker.executable)
            client = MediaWorkerClient(executable: executable, patience: patience)
        }

        deinit { client.dismiss() }

        /// Processes that were started to wait, whatever they do now.
        var waiting: [pid_t] {
            let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
            return processes.compactMap { pid_t($0) }.filter { process in
                let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
                return String(decoding: line, as: UTF8.self) == "\(executable)\0wait\0"
            }
        }

        func until(_ isSo: ([pid_t]) -> Bool) async throws {
            while !isSo(waiting) { try await Task.sleep(for: .milliseconds(10)) }
        }

        func cut(_ name: String) async throws -> [UInt8] {
            _ = try await client.cut(file: film, start: 1, end: 3, to: folder.path(name))
            return try folder.bytes(of: name)
        }
    }

    @Test func whatItCutsIsWhatAFreshOneCuts() async throws {
        let desk = try Desk()
        _ = try await Worker.client.cut(file: desk.film, start: 1, end: 3, to: desk.folder.path("fresh.mp4"))
        let fresh = try desk.folder.bytes(of: "fresh.mp4")
        desk.client.prepare()
        try await desk.until { $0.count == 1 }
        let first = desk.waiting
        #expect(try await desk.cut("one.mp4") == fresh)
        // That one is gone, and the next is waiting.
        try await desk.until { $0.count == 1 && $0 != first }
        #expect(try await desk.cut("two.mp4") == fresh)
        // A film that is no file is asked for all the same.
        let source = WatchedSource(try desk.folder.bytes(of: "a.mp4"))
        _ = try await desk.client.cut(source, CutRequest(start: 1, end: 3), to: desk.folder.path("three.mp4"))
        #expect(try desk.folder.bytes(of: "three.mp4") == fresh && source.bytesRead > 0)
    }

    @Test func itGoesWhenNobodyComesOrAllIsOver() async throws {
        let hasty = try Desk(patience: .milliseconds(300))
        hasty.client.prepare()
        try await hasty.until { $0.count == 1 }
        try await hasty.until(\.isEmpty)
        let desk = try Desk()
        desk.client.prepare()
        desk.client.prepare()
        try await desk.until { $0.count == 1 }
        desk.client.dismiss()
        try await desk.until(\.isEmpty)
    }

    @Test func oneThatDiedIsNoLoss() async throws {
        let desk = try Desk()
        desk.client.prepare()
        try await desk.until { $0.count == 1 }
        let process = try #require(desk.waiting.first)
        kill(process, SIGKILL)
        // Nobody has asked for its end yet, so that it is there until it is taken.
        let state = { try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) }
        while try !state().contains(") Z ") { try await Task.sleep(for: .milliseconds(10)) }
        #expect(try await !desk.cut("one.mp4").isEmpty)
    }

    @Test func aCutThatIsCancelledEndsIt() async throws {
        let desk = try Desk()
        let isAsked = AsyncStream.makeStream(of: Void.self)
        let silent = SourceJobTests.Odd { _, _ in
            isAsked.continuation.yield()
            try await Task.sleep(for: .seconds(3600))
            return []
        }
        desk.client.prepare()
        try await desk.until { $0.count == 1 }
        let (client, output) = (desk.client, desk.folder.path("never.mp4"))
        let files = try FileManager.default.contentsOfDirectory(atPath: desk.folder.path(""))
        let cut = Task { try await client.cut(silent, CutRequest(start: 1, end: 3), to: output) }
        for await _ in isAsked.stream { break }
        #expect(desk.waiting.count == 1)
        // What is written has no name yet, so that nothing stays of it even if this process were killed now.
        #expect(try FileManager.default.contentsOfDirectory(atPath: desk.folder.path("")) == files)
        cut.cancel()
        await #expect(throws: CutError.self) { try await cut.value }
        try await desk.until(\.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: output))
    }

    @Test func onlyAMessageWithTwoDescriptorsIsOne() throws {
        let socket = try LocalSocket(ofMessages: true)
        #expect(DescriptorMessage.send(["probe", "", "ü"], 0, 1, on: socket.own))
        let got = try #require(DescriptorMessage.receive(on: socket.other))
        #expect(got.words == ["probe", "", "ü"])
        #expect(fcntl(got.first, F_GETFD) >= 0 && fcntl(got.second, F_GETFD) >= 0 && got.first != got.second)
        _ = (close(got.first), close(got.second))
        #expect(write(socket.own, "probe", 5) == 5)
        #expect(DescriptorMessage.receive(on: socket.other) == nil)
        #expect(!DescriptorMessage.send([], 0, 1, on: socket.own))
        #expect(!DescriptorMessage.send([String(repeating: "a", count: 4097)], 0, 1, on: socket.own))
    }
}
