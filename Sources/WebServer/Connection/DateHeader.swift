import Glibc
import HTTPWire
import Synchronization

/// The Date header line, written anew once a second.
final class DateHeader: Sendable {
    private let cached = Mutex<(second: Int64, line: [UInt8])>((-1, []))

    func append(to out: inout [UInt8]) {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME_COARSE, &now)
        let second = Int64(now.tv_sec)
        let line = cached.withLock { cached in
            if cached.second != second {
                cached = (second, Array("Date: \(HTTPDate.format(second))\r\n".utf8))
            }
            return cached.line
        }
        out.append(contentsOf: line)
    }
}
