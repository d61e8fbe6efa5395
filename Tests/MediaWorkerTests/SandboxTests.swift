#if DEBUG
    import Foundation
    import Testing

    @testable import Media

    /// HAZARDS L06 and L07: what a worker that was taken over, or broke, can still do.
    @Suite struct SandboxTests {
        static func answer(to fault: WorkerFault, client: MediaWorkerClient = Worker.client) async throws -> Result<
            [UInt8]?, MediaError
        > {
            let folder = try FilmFolder()
            let path = try folder.write([1, 2, 3], to: "any")
            do {
                return .success(try await client.process.answer(to: .fault(fault), about: .file(path)))
            } catch {
                return .failure(error)
            }
        }

        static func kind(_ result: Result<[UInt8]?, MediaError>) -> MediaError.Kind? {
            if case .failure(let error) = result { error.kind } else { nil }
        }

        @Test(arguments: [WorkerFault.openFile, .socket, .fork, .execute, .executableMemory, .signalParent])
        func isRefused(fault: WorkerFault) async throws {
            #expect(try await Self.answer(to: fault).get() == [0])
        }

        /// With a socket to ask on, a worker can do no more.
        @Test(arguments: [WorkerFault.openFile, .socket, .fork, .execute, .executableMemory, .signalParent, .position])
        func isRefusedOverASourceToo(fault: WorkerFault) async throws {
            let source = WatchedSource([1, 2, 3])
            #expect(try await Worker.client.process.answer(to: .fault(fault), about: .source(source)) == [0])
            #expect(source.reads.withLock { $0.isEmpty })
        }

        /// What a worker may not ask for ends the job, whatever it does then.
        @Test func aWorkerThatAsksForOtherBytesIsEnded() async throws {
            let error = await #expect(throws: MediaError.self) {
                try await Worker.client.process.answer(to: .fault(.ask), about: .source(WatchedSource([1, 2, 3])))
            }
            #expect(error?.kind == .workerFailed && error?.detail == "asked for bytes outside the film")
        }

        @Test(arguments: [WorkerFault.crash, .nonsense, .flood]) func isAFailureWithASentence(fault: WorkerFault)
            async throws
        {
            let result = try await Self.answer(to: fault)
            #expect(Self.kind(result) == .workerFailed)
            if case .failure(let error) = result { #expect(error.message == "This file could not be examined.") }
        }

        @Test func memoryEnds() async throws {
            // 768 MB of address space, libraries and all: fewer than 48 blocks of 16 MB.
            let taken = try #require(try await Self.answer(to: .allocate).get()?.first)
            #expect((4..<48).contains(taken))
        }

        @Test func processorTimeEnds() async throws {
            let client = Worker.client(processorSeconds: 1, wallSeconds: 60)
            #expect(Self.kind(try await Self.answer(to: .spin, client: client)) == .timedOut)
        }

        @Test func wallTimeEnds() async throws {
            let client = Worker.client(processorSeconds: 60, wallSeconds: 1)
            #expect(Self.kind(try await Self.answer(to: .hang, client: client)) == .timedOut)
        }

        @Test func afterAFailureTheNextJobIsServed() async throws {
            let folder = try FilmFolder()
            let path = try folder.film("a.mp3", FilmFolder.tone(seconds: 1))
            let client = MediaWorkerClient(executable: Worker.executable, concurrency: 1)
            for fault in [WorkerFault.crash, .nonsense, .crash] {
                #expect(Self.kind(try await Self.answer(to: fault, client: client)) == .workerFailed)
            }
            #expect(try await client.probe(file: path).container == "mp3")
        }

        @Test func aCancelledJobLeavesNoWorker() async throws {
            let client = MediaWorkerClient(executable: Worker.executable, concurrency: 1)
            let job = Task { Self.kind(try await Self.answer(to: .hang, client: client)) }
            let waiting = Task { Self.kind(try await Self.answer(to: .nonsense, client: client)) }
            try await Task.sleep(for: .milliseconds(200))
            waiting.cancel()
            #expect(try await waiting.value == .workerFailed)
            job.cancel()
            #expect(try await job.value == .workerFailed)
            // The slot is free again.
            #expect(try await Self.answer(to: .fork, client: client).get() == [0])
        }

        @Test func manyJobsWaitForTheirTurn() async throws {
            let client = MediaWorkerClient(executable: Worker.executable, concurrency: 2)
            let folder = try FilmFolder()
            let path = try folder.film("a.mp3", FilmFolder.tone(seconds: 1))
            let containers = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<20 { group.addTask { try await client.probe(file: path).container } }
                return try await group.reduce(into: [String]()) { $0.append($1) }
            }
            #expect(containers == [String](repeating: "mp3", count: 20))
        }

        @Test func withoutAWorkerThereIsASentence() async throws {
            let folder = try FilmFolder()
            let client = MediaWorkerClient(executable: folder.path("no-worker"))
            let path = try folder.write([0], to: "a.mp4")
            await #expect(throws: MediaError.self) { try await client.probe(file: path) }
        }
    }
#endif
