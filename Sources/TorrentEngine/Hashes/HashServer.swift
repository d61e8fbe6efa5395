import Metainfo
import PeerWire

/// Answers one peer's hash requests (BEP 52): piece layers and above from what is stored, leaves by hashing the content.
///
/// Pure: what needs the disk comes back as a `HashJob`, one at a time for each peer. A peer that asks for more than
/// the limits allow is told that there will be no hashes, which costs it a try with someone else.
struct HashServer: Sendable {
    private let limits: HashServerLimits
    private var leafBytes: Int
    private var answerBytes: Int
    private var filledAt: ContinuousClock.Instant
    private var waiting: [HashJob] = []
    private var isRunning = false

    init(limits: HashServerLimits = HashServerLimits(), now: ContinuousClock.Instant) {
        self.limits = limits
        leafBytes = limits.leafBytesAtOnce
        answerBytes = limits.answerBytesAtOnce
        filledAt = now
    }

    /// What to do about a request. Without layers (version 1, or the metadata is not known yet) it is rejected.
    mutating func answer(
        _ request: HashRequest, layers: PieceLayers?, now: ContinuousClock.Instant
    ) -> HashAnswer {
        fill(now: now)
        guard let layers, let span = HashSpan(request, layers: layers, limits: limits),
            let job = HashJob(request: request, span: span, layers: layers)
        else { return .send(.hashReject(request)) }
        guard answerBytes > 0 else { return .send(.hashReject(request)) }
        answerBytes -= job.answerLength
        guard span.needsLeaves else { return .send(job.answer()) }
        guard leafBytes > 0, waiting.count < limits.waiting else { return .send(.hashReject(request)) }
        leafBytes -= min(job.readLength, limits.leafBytesAtOnce)
        guard !isRunning else {
            waiting.append(job)
            return .wait
        }
        isRunning = true
        return .run(job)
    }

    /// Notes that the job that was handed out last is done; the next one, if there is one.
    mutating func finished() -> HashJob? {
        guard !waiting.isEmpty else {
            isRunning = false
            return nil
        }
        return waiting.removeFirst()
    }

    private mutating func fill(now: ContinuousClock.Instant) {
        let elapsed = max(.zero, now - filledAt)
        // Below a millisecond the rounding would eat the time.
        guard elapsed >= .milliseconds(1) else { return }
        filledAt = now
        let milliseconds = min(60_000, Int(elapsed / .milliseconds(1)))
        leafBytes = min(limits.leafBytesAtOnce, leafBytes + limits.leafBytesPerSecond / 1000 * milliseconds)
        answerBytes = min(limits.answerBytesAtOnce, answerBytes + limits.answerBytesPerSecond / 1000 * milliseconds)
    }
}
