import Dialling
import Metainfo
import NIOCore
import Synchronization

/// Takes what a server answers to a request for a part of a file, and hands its blocks on.
final class FilePartReader: StreamReader {
    /// What is known so far.
    struct State: Sendable {
        var cutter: BlockCutter
        /// How many bytes are read past before those wanted.
        var toSkip: Int64 = 0
        var skipped: Int64 = 0
        /// How many wanted bytes this answer still has.
        var left: Int64 = 0
        var taken: Int64 = 0
        /// Why the answer is of no use.
        var refusal: Refusal?
        /// What answers, behind redirects.
        var target: FetchTarget?
    }

    /// Why an answer is of no use.
    enum Refusal: Error, Hashable, Sendable {
        /// Now: for so long, where the server says it.
        case busy(Duration?, String)
        /// The file is not there, or is another one.
        case lacksFile(String)
        /// The server does not answer in a way that can be used.
        case useless(String)
    }

    private let part: WebSeedFiles.FilePart
    private let skipAllowance: Int64
    private let deliver: WebSeedClient.Delivery
    private let state: Mutex<State>

    /// - Parameters:
    ///   - cutter: stands at the first byte of the part.
    ///   - skipAllowance: the most bytes that are read past where the server does not take ranges.
    init(
        _ part: WebSeedFiles.FilePart, cutter: BlockCutter, skipAllowance: Int64,
        deliver: @escaping WebSeedClient.Delivery
    ) {
        self.part = part
        self.skipAllowance = skipAllowance
        self.deliver = deliver
        state = Mutex(State(cutter: cutter))
    }

    /// What came of it, to be read at the end.
    var outcome: State { state.withLock { $0 } }

    func begin(_ head: FetchedHead) -> Bool {
        let judgement = judge(head)
        return state.withLock { state in
            state.target = head.target
            switch judgement {
            case .success(let skip):
                (state.toSkip, state.left) = (skip.before, skip.wanted)
                return true
            case .failure(let refusal):
                state.refusal = refusal
                return false
            }
        }
    }

    func take(_ part: ByteBuffer) async -> Bool {
        let (blocks, isOver) = state.withLock { state in
            var part = part
            let skipped = Int(min(state.toSkip, Int64(part.readableBytes)))
            part.moveReaderIndex(forwardBy: skipped)
            state.toSkip -= Int64(skipped)
            state.skipped += Int64(skipped)
            let wanted = Int(min(state.left, Int64(part.readableBytes)))
            var blocks: [WebSeedBlock] = []
            if let bytes = part.readSlice(length: wanted) { state.cutter.take(bytes, into: &blocks) }
            state.left -= Int64(wanted)
            state.taken += Int64(wanted)
            // A server that sends more than it was asked for is stopped; one that has sent all is read to the end.
            return (blocks, part.readableBytes > 0)
        }
        if !blocks.isEmpty { await deliver(blocks) }
        return !isOver
    }

    private func judge(_ head: FetchedHead) -> Result<(before: Int64, wanted: Int64), Refusal> {
        let wanted = part.bytes.upperBound - part.bytes.lowerBound + 1
        switch head.status {
        case 206:
            guard let range = head.headers["content-range"].flatMap(ContentRange.init),
                range.bytes.lowerBound == part.bytes.lowerBound, range.bytes.upperBound <= part.bytes.upperBound
            else { return .failure(.useless("The web seed sends other parts of files than it is asked for.")) }
            guard range.total == nil || range.total == part.length else { return .failure(.lacksFile(Self.otherFile)) }
            return .success((0, range.bytes.upperBound - range.bytes.lowerBound + 1))
        case 200:
            if let length = head.headers["content-length"], ContentRange.number(length[...]) != part.length {
                return .failure(.lacksFile(Self.otherFile))
            }
            guard part.bytes.lowerBound <= skipAllowance else {
                return .failure(.useless("The web seed sends whole files only, which would take too much traffic."))
            }
            return .success((part.bytes.lowerBound, wanted))
        case 416: return .failure(.lacksFile(Self.otherFile))
        case 401, 403, 404, 410: return .failure(.lacksFile("The web seed does not have the file (\(head.status))."))
        case 408, 425, 429, 500...599:
            let wait = RetryAfter.wait(head.headers["retry-after"], date: head.headers["date"])
            return .failure(.busy(wait, "The web seed is busy (\(head.status))."))
        default: return .failure(.useless("The web seed answers with status \(head.status)."))
        }
    }

    private static let otherFile = "The web seed's file has another length."
}
