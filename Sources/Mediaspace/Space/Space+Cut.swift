import Foundation
import Logging
public import Media
import Metainfo

extension Space {
    /// Cuts [start, end) out of a film that is whole here, without encoding anything anew, into a new file; `put` makes
    /// it a film of its own.
    ///
    /// MP4 and MOV begin at `start` in every player; other containers begin at the key frame before, and the result says
    /// where that is.
    ///
    /// - Parameters:
    ///   - file: the file's path within the torrent, such as `season 1/two.mkv`; the largest when nil.
    ///   - start: seconds from the film's beginning.
    ///   - end: seconds from the film's beginning, after `start`.
    ///   - output: the new file, which must not exist yet. Its ending says the container, as the film's own where it
    ///     says nothing.
    /// - Throws: `failed` while the film is not whole, `occupied` where the output exists, `notCuttable` with a sentence
    ///   for what cannot be.
    @discardableResult
    public func cut(
        _ id: MediaID, file: String? = nil, start: Double, end: Double, to output: String
    ) async throws(SpaceError) -> CutFacts {
        try await requireWhole(id)
        let place = try place(of: id)
        let films = place.files
        let wanted = file.map { "\(place.root)/\($0)" }
        let chosen = films.first { $0.path == wanted || (films.count == 1 && $0.path.lastComponent == file) }
        guard let film = wanted == nil ? films.max(by: { $0.length < $1.length }) : chosen else {
            throw SpaceError(.unknown, "\(place.info.name) has no file \(file ?? "").")
        }
        return try await cut(whole: film.path, start: start, end: end, to: output)
    }

    /// The same for a film by its path, as an absolute one or within the directory.
    @discardableResult
    public func cut(
        path: String, start: Double, end: Double, to output: String
    ) async throws(SpaceError) -> CutFacts {
        let film = path.hasPrefix("/") ? path : "\(directory)/\(path)"
        for id in ids where (try? files(of: id))?.contains(where: { $0.path == film }) == true {
            try await requireWhole(id)
        }
        return try await cut(whole: film, start: start, end: end, to: output)
    }

    /// A hole in a film reads as zeros, which would be cut as if they were pictures.
    private func requireWhole(_ id: MediaID) async throws(SpaceError) {
        let status = try await status(of: id)
        if case .failed(let reason) = status.state { throw SpaceError(.failed, reason) }
        guard status.isComplete, status.totalBytes > 0, status.wantedBytes >= status.totalBytes else {
            let name = status.name ?? id.description
            throw SpaceError(.failed, "\(name) is not whole yet: a clip can be cut when all of it is here.")
        }
    }

    private func cut(
        whole film: String, start: Double, end: Double, to output: String
    ) async throws(SpaceError) -> CutFacts {
        do {
            return try await worker().cut(file: film, start: start, end: end, to: SpaceFolder.absolute(output))
        } catch {
            throw SpaceError(error, output: output)
        }
    }

    /// What reads and cuts films.
    func worker(_ limits: MediaWorkerLimits = .standard) -> MediaWorkerClient {
        MediaWorkerClient(executable: workerPath, limits: limits, logger: logger)
    }

    /// Whether there is a program to read films with.
    var hasWorker: Bool { FileManager.default.isExecutableFile(atPath: workerPath) }

    private var workerPath: String { configuration.mediaWorker ?? Self.workerBesideProgram }

    private static var workerBesideProgram: String {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "reelswarm-media-worker").path()
    }
}

extension SpaceError {
    /// A failed cut, by the name of what was to be written.
    init(_ error: CutError, output: String) {
        switch error.code {
        case .occupied: self.init(.occupied, "\(output) exists already.")
        case .outputFailed: self.init(.unavailable, error.message)
        case .source: self.init(.failed, error.message)
        case .badInterval, .beyondEnd, .codecUnfit, .notCuttable, .tooLong: self.init(.notCuttable, error.message)
        }
    }
}
