import CLinux
import Glibc

/// One connection to the tracker with its outstanding requests.
final class HTTPConnection {
    private(set) var descriptor: CInt = -1
    /// Whether an answer came since it was opened.
    private(set) var hasAnswered = false
    private let number: Int
    private let depth: Int
    private var openings = 0
    private var outstanding = 0
    private var unsent: [UInt8] = []
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)
    private var filled = 0
    private var lastProgress = 0.0

    init(number: Int, depth: Int) {
        self.number = number
        self.depth = depth
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The number of the source address; a new one with every opening.
    var address: Int { (number + openings) % Sockets.addressCount }
    var isIdle: Bool { outstanding == 0 }
    var room: Int { depth - outstanding }
    var events: Int16 { Int16(unsent.isEmpty ? POLLIN : POLLIN | POLLOUT) }

    func isLate(_ now: Double) -> Bool { descriptor >= 0 && outstanding > 0 && now - lastProgress > 2 }

    /// Begins anew; a connection that was open is reset.
    func open(to host: String, _ port: UInt16, _ now: Double) throws(LoadError) {
        if descriptor >= 0 { close(descriptor) }
        openings += 1
        descriptor = try Sockets.stream(from: address, to: host, port)
        (hasAnswered, outstanding, filled, unsent, lastProgress) = (false, 0, 0, [], now)
    }

    func add(_ request: [UInt8]) {
        unsent += request
        outstanding += 1
    }

    /// Sends and reads what can be at the moment.
    func proceed(_ report: inout LoadReport, _ now: Double) {
        if isLate(now) { return fail(&report) }
        if !unsent.isEmpty {
            let sent = unsafe send(descriptor, unsent, unsent.count, CInt(MSG_NOSIGNAL))
            if sent > 0 {
                if sent == unsent.count { unsent.removeAll(keepingCapacity: true) } else { unsent.removeFirst(sent) }
            } else if errno != EAGAIN {
                return fail(&report)
            }
        }
        while outstanding > 0 {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe read(descriptor, bytes.baseAddress.map { unsafe $0 + filled }, bytes.count - filled)
            }
            guard count > 0 else {
                if count < 0, errno == EAGAIN { return }
                return fail(&report)
            }
            filled += count
            lastProgress = now
            takeAnswers(&report)
        }
    }

    private func fail(_ report: inout LoadReport) {
        report.lost += outstanding
        outstanding = 0
        close(descriptor)
        descriptor = -1
    }

    /// Counts the whole answers in the buffer and moves the rest to its front.
    private func takeAnswers(_ report: inout LoadReport) {
        var start = 0
        while outstanding > 0, let (body, end) = answer(from: start) {
            let isAnswer = buffer[body..<end].starts(with: "d8:complete".utf8) && buffer[start + 9] == UInt8(ascii: "2")
            if isAnswer {
                report.answered += 1
                report.peers += (end - body) / 6
            } else {
                report.refused += 1
            }
            outstanding -= 1
            hasAnswered = true
            start = end
        }
        guard start > 0 else { return }
        unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<filled]))
        }
        filled -= start
    }

    /// Where the body of the answer at `start` begins and ends; nil while it is not whole.
    private func answer(from start: Int) -> (body: Int, end: Int)? {
        var length: Int?
        var line = start
        while let end = buffer[line..<filled].firstIndex(of: 10) {
            if end - line <= 1 {
                guard let length, end + 1 + length <= filled else { return nil }
                return (end + 1, end + 1 + length)
            }
            // Content-Length, by its first letters and its length; no other field begins so.
            if end - line > 16, buffer[line + 8] | 32 == UInt8(ascii: "l"), buffer[line + 14] == UInt8(ascii: ":") {
                length = buffer[(line + 15)..<end].reduce(0) { sum, byte in
                    (48...57).contains(byte) ? sum * 10 + Int(byte - 48) : sum
                }
            }
            line = end + 1
        }
        return nil
    }
}
