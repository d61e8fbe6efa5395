import Dispatch
import Glibc
import Synchronization

/// Two connected sockets: this side's, and the one that becomes a worker's standard input. Both are closed when the
/// value goes away, the other one as soon as the worker has it.
final class LocalSocket: Sendable {
    /// The worker's end, until `giveAway`.
    let other: CInt
    let own: CInt
    private let isGiven = Atomic(false)
    private static let queue = DispatchQueue(label: "media-source")

    /// - Parameter ofMessages: whether what is sent arrives as it was sent, message by message.
    init(ofMessages: Bool = false) throws(MediaError) {
        var ends: [CInt] = [-1, -1]
        let kind = ofMessages ? SOCK_SEQPACKET : SOCK_STREAM
        let type = CInt(kind.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, type, 0, &ends) == 0 else {
            throw MediaError(.workerFailed, detail: "socketpair: errno \(errno)")
        }
        (own, other) = (ends[0], ends[1])
    }

    deinit {
        giveAway()
        _ = close(own)
    }

    /// Closes the worker's end here: when the worker ends, reading from this one then ends too.
    func giveAway() {
        if !isGiven.exchange(true, ordering: .relaxed) { _ = close(other) }
    }

    /// Exactly `count` bytes; nil when the other side has closed. Throws when cancelled.
    func receive(_ count: Int) async throws -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var chunk = [UInt8](repeating: 0, count: count - bytes.count)
            let got = unsafe recv(own, &chunk, chunk.count, CInt(MSG_DONTWAIT))
            if got > 0 {
                bytes += chunk.prefix(got)
            } else if got < 0 && (errno == EAGAIN || errno == EINTR) {
                try await wait { DispatchSource.makeReadSource(fileDescriptor: own, queue: Self.queue) }
            } else {
                return nil
            }
        }
        return bytes
    }

    /// Sends all of `bytes`; false when the other side has closed. Throws when cancelled.
    func send(_ bytes: [UInt8]) async throws -> Bool {
        var sent = 0
        while sent < bytes.count {
            let flags = CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL)
            let count = unsafe bytes[sent...].withUnsafeBytes {
                unsafe Glibc.send(own, $0.baseAddress, $0.count, flags)
            }
            if count > 0 {
                sent += count
            } else if count < 0 && (errno == EAGAIN || errno == EINTR) {
                try await wait { DispatchSource.makeWriteSource(fileDescriptor: own, queue: Self.queue) }
            } else {
                return false
            }
        }
        return true
    }

    /// Waits until what `make` watches has come. Throws when cancelled.
    private func wait(_ make: () -> any DispatchSourceProtocol) async throws {
        // Dispatch sources may be used from any thread, which their type does not say.
        nonisolated(unsafe) let source = make()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                unsafe source.setEventHandler { unsafe source.cancel() }
                // Called once whatever ends the wait; only then may the descriptor be closed.
                unsafe source.setCancelHandler { continuation.resume() }
                unsafe source.activate()
            }
        } onCancel: {
            unsafe source.cancel()
        }
        try Task.checkCancellation()
    }
}
