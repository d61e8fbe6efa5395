import Dispatch
import Foundation
import Synchronization

/// One connection between two processes of a space: frames out, frames in, and its end.
///
/// A thread of its own reads; a queue of its own writes, so that nobody waits for a process that has stopped reading.
/// Such a one is cut off after ten seconds.
final class LocalConnection: Sendable {
    /// What reads: `frames` is called for each frame in order, then `closed` once.
    struct Receiver: Sendable {
        let frame: @Sendable ([UInt8]) -> Void
        let closed: @Sendable () -> Void
    }

    private struct State {
        var isOpen = true
        var waiting = 0
    }

    private static let backlog = 64 << 20
    private let descriptor: CInt
    private let state = Mutex(State())
    private let writing = DispatchQueue(label: "mediaspace.write")

    /// Takes over an open socket.
    init(owning descriptor: CInt) {
        self.descriptor = descriptor
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { _ = Glibc.close(descriptor) }

    /// Connects; nil when nobody listens there.
    static func connect(to path: String) -> LocalConnection? {
        let descriptor = LocalSocketAddress.makeSocket()
        guard descriptor >= 0 else { return nil }
        let connection = LocalConnection(owning: descriptor)
        let result = unsafe LocalSocketAddress(path: path).with { unsafe Glibc.connect(descriptor, $0, $1) }
        return result == 0 ? connection : nil
    }

    /// Begins to read.
    func start(_ receiver: Receiver) {
        let thread = Thread { [self] in
            read(receiver)
            close()
            receiver.closed()
        }
        thread.name = "mediaspace"
        thread.start()
    }

    /// Sends one frame; false when the connection has ended.
    @discardableResult
    func send(_ payload: [UInt8]) -> Bool {
        guard let frame = FrameReader.frame(payload) else { return false }
        let fits = state.withLock { state in
            guard state.isOpen, state.waiting + frame.count <= Self.backlog else { return false }
            state.waiting += frame.count
            return true
        }
        guard fits else {
            close()
            return false
        }
        writing.async { [self] in
            if !write(frame) { close() }
            state.withLock { $0.waiting -= frame.count }
        }
        return true
    }

    /// Ends the connection; the reading thread then calls `closed`.
    func close() {
        let wasOpen = state.withLock { state in
            defer { state.isOpen = false }
            return state.isOpen
        }
        if wasOpen { _ = shutdown(descriptor, CInt(SHUT_RDWR)) }
    }

    private func read(_ receiver: Receiver) {
        var frames = FrameReader()
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            frames.append(buffer.prefix(count))
            do {
                while let frame = try frames.next() { receiver.frame(frame) }
            } catch {
                return
            }
        }
    }

    private func write(_ frame: [UInt8]) -> Bool {
        var rest = frame[...]
        while !rest.isEmpty {
            let sent = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            if sent < 0, errno == EINTR { continue }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }
}
