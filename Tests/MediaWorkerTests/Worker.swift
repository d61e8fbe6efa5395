import Foundation
import Media

/// The real worker, built beside the tests.
enum Worker {
    static let executable = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "reelswarm-media-worker").path()

    static let client = MediaWorkerClient(executable: executable)

    /// A client whose jobs have so little of everything.
    static func client(processorSeconds: Int = 15, wallSeconds: Int = 30, answerBytes: Int = 256 << 10)
        -> MediaWorkerClient
    {
        var limits = MediaWorkerLimits.standard
        limits.probe = MediaWorkerLimits.Job(
            processorSeconds: processorSeconds, wallSeconds: wallSeconds, answerBytes: answerBytes)
        return MediaWorkerClient(executable: executable, limits: limits)
    }
}

/// The kind of error a probe of `path` ends with; nil when it succeeds.
func refusal(of path: String) async -> MediaError.Kind? {
    do {
        _ = try await Worker.client.probe(file: path)
        return nil
    } catch {
        return error.kind
    }
}
