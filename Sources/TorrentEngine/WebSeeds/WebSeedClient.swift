import ByteCoding
import Dialling
import Logging
import Metainfo
import Synchronization

/// Downloads from one HTTP server that has a torrent's files (BEP 19).
///
/// A span of any length is one request for each file that it touches; connections are kept open between spans. What the
/// server redirects to, and what it cannot do, is remembered.
final class WebSeedClient: Sendable {
    /// Takes blocks in the order of the torrent; the server waits until it returns.
    typealias Delivery = @Sendable ([WebSeedBlock]) async -> Void

    private struct State {
        var health: WebSeedHealth
        /// Where the files of these numbers are, behind redirects.
        var targets: [Int: FetchTarget] = [:]
        var random = SystemRandomNumberGenerator()
    }

    private static let keptTargets = 64
    /// The URL as the torrent has it.
    let url: String
    private let files: WebSeedFiles
    private let fetcher: Fetcher
    private let scope: AddressScope
    private let limits: WebSeedLimits
    private let logger: Logger
    private let state: Mutex<State>

    /// Nil when the URL cannot be one of a web seed.
    ///
    /// - Parameters:
    ///   - scope: the class of the address at which the one who named the URL was reached.
    init?(
        url: String, info: TorrentInfo, fetcher: Fetcher, namedFrom scope: AddressScope,
        limits: WebSeedLimits = WebSeedLimits(), logger: Logger
    ) {
        guard let files = WebSeedFiles(url: url, info: info) else { return nil }
        self.url = url
        self.files = files
        self.fetcher = fetcher
        self.scope = scope
        self.limits = limits
        self.logger = logger
        state = Mutex(State(health: WebSeedHealth(limits: limits)))
    }

    /// How many bytes to ask for at once: several pieces.
    var spanBytes: Int { max(limits.spanBytes, files.info.pieceLength) }

    /// Why the server is of no use any more; nil while it is.
    var fault: String? { state.withLock { $0.health.fault } }

    /// Fetches bytes of the torrent. The blocks that were delivered before an error are good to use.
    ///
    /// Cancel the task to give it up.
    func fetch(_ range: Range<Int64>, deliver: @escaping Delivery) async throws(WebSeedError) {
        do throws(WebSeedError) {
            try state.withLock { state throws(WebSeedError) in try state.health.begin(now: .now) }
            defer { state.withLock { $0.health.end() } }
            var cutter = BlockCutter(layout: files.info.layout, range: range)
            for stretch in files.stretches(of: range) {
                switch stretch {
                case .padding(let bytes):
                    var blocks: [WebSeedBlock] = []
                    cutter.takeZeros(Int64(bytes.count), into: &blocks)
                    if !blocks.isEmpty { await deliver(blocks) }
                case .file(let part): try await fetch(part, &cutter, deliver)
                }
            }
        } catch {
            logger.debug("web seed", metadata: ["url": "\(url)", "reason": "\(error)"])
            throw error
        }
    }

    /// The server sent data that are not the torrent's: nothing more is taken from it.
    func blame() { state.withLock { _ = $0.health.giveUp("The web seed sent wrong data.") } }

    /// One file's part; a server that sends less than it was asked for is asked for the rest.
    private func fetch(
        _ whole: WebSeedFiles.FilePart, _ cutter: inout BlockCutter, _ deliver: @escaping Delivery
    ) async throws(WebSeedError) {
        var done: Int64 = 0
        let length = whole.bytes.upperBound - whole.bytes.lowerBound + 1
        while done < length {
            let part = whole.dropping(done)
            let reader = FilePartReader(
                part, cutter: cutter, skipAllowance: state.withLock { $0.health.skipAllowance }, deliver: deliver)
            let ending = await stream(part, to: reader)
            let outcome = reader.outcome
            cutter = outcome.cutter
            done += outcome.taken
            if Task.isCancelled { throw .cancelled }
            if let refusal = outcome.refusal { throw refused(part, refusal) }
            let isTruncated = outcome.left > 0 || outcome.taken == 0
            if outcome.taken > 0 { succeeded(part, outcome) }
            if isTruncated { throw broken(part, ending) }
        }
    }

    private func stream(
        _ part: WebSeedFiles.FilePart, to reader: FilePartReader
    ) async -> Result<StreamEnding, FetchError> {
        let known = state.withLock { $0.targets[part.index] }
        guard let target = known ?? FetchTarget(files.url(of: part.index), namedFrom: scope) else {
            return .failure(.badURL)
        }
        do {
            return .success(try await fetcher.stream(target, range: part.bytes, terms: limits.terms, to: reader))
        } catch {
            return .failure(error)
        }
    }

    private func succeeded(_ part: WebSeedFiles.FilePart, _ outcome: FilePartReader.State) {
        state.withLock { state in
            state.health.succeeded(skipped: outcome.skipped)
            if state.targets.count >= Self.keptTargets { state.targets.removeAll() }
            state.targets[part.index] = outcome.target
        }
    }

    private func refused(_ part: WebSeedFiles.FilePart, _ refusal: FilePartReader.Refusal) -> WebSeedError {
        state.withLock { state in
            state.targets[part.index] = nil
            switch refusal {
            case .busy(let wait, let reason):
                return state.health.failed(asking: wait, reason: reason, now: .now, using: &state.random)
            case .lacksFile(let reason):
                guard !files.info.isSingleFile, let pieces = files.pieces(of: part.index) else {
                    return state.health.giveUp(reason)
                }
                return .lacks(pieces, reason: reason)
            case .useless(let reason): return state.health.giveUp(reason)
            }
        }
    }

    private func broken(_ part: WebSeedFiles.FilePart, _ ending: Result<StreamEnding, FetchError>) -> WebSeedError {
        let reason: String
        switch ending {
        case .failure(.forbidden), .failure(.badURL), .failure(.badRedirect), .failure(.encoded):
            let words = if case .failure(let error) = ending { "\(error)" } else { "" }
            return state.withLock { $0.health.giveUp("The web seed is of no use: \(words)") }
        case .failure(let error): reason = "\(error)"
        case .success(.broken(let error)): reason = "\(error)"
        case .success: reason = "The web seed sent less than it said."
        }
        return state.withLock { state in
            state.targets[part.index] = nil
            return state.health.failed(asking: nil, reason: reason, now: .now, using: &state.random)
        }
    }
}

extension WebSeedFiles.FilePart {
    /// The part without its first `count` bytes.
    fileprivate func dropping(_ count: Int64) -> WebSeedFiles.FilePart {
        WebSeedFiles.FilePart(
            index: index, length: length, bytes: bytes.lowerBound + count...bytes.upperBound, offset: offset + count)
    }
}
