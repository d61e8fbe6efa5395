import Foundation
import Glibc
import NIOPosix

/// A client that sends exactly the bytes it is told to, over a blocking socket on a thread of its own pool.
final class RawClient: Sendable {
    private static let threads: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: 32)
        pool.start()
        return pool
    }()

    let descriptor: CInt

    /// Connects to a port on the loopback address. A read gives up after `patience` seconds.
    init(port: Int, patience: Int = 20, receiveBuffer: CInt? = nil) throws {
        let made = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        descriptor = made
        if var size = receiveBuffer {
            setsockopt(made, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<CInt>.size))
        }
        var time = timeval(tv_sec: patience, tv_usec: 0)
        setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(made, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(made, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw ClientFailure(what: "connect", code: errno) }
    }

    deinit { close(descriptor) }

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    /// Sends all bytes.
    func send(_ bytes: [UInt8]) async throws {
        let descriptor = descriptor
        try await Self.threads.runIfActive {
            var sent = 0
            while sent < bytes.count {
                let count = bytes.withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, CInt(MSG_NOSIGNAL))
                }
                guard count > 0 else { throw ClientFailure(what: "send", code: errno) }
                sent += count
            }
        }
    }

    /// Says that nothing more will be sent.
    func endSending() { shutdown(descriptor, CInt(SHUT_WR)) }

    /// Up to `limit` bytes; empty at the end.
    func receive(upTo limit: Int = 65_536) async throws -> [UInt8] {
        let descriptor = descriptor
        return try await Self.threads.runIfActive {
            var buffer = [UInt8](repeating: 0, count: limit)
            let count = recv(descriptor, &buffer, limit, 0)
            // A reset is an end as well.
            if count < 0 && errno != ECONNRESET { throw ClientFailure(what: "recv", code: errno) }
            return Array(buffer.prefix(max(0, count)))
        }
    }

    /// All bytes up to the end of the connection.
    func receiveAll() async throws -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let piece = try await receive(upTo: 1_048_576)
            if piece.isEmpty { return all }
            all += piece
        }
    }

    /// Reads until the text is there, and returns all that was read.
    func receive(until text: String) async throws -> String {
        var all: [UInt8] = []
        while true {
            let piece = try await receive()
            all += piece
            let read = String(decoding: all, as: UTF8.self)
            if piece.isEmpty || read.contains(text) { return read }
        }
    }

    /// Whether the connection is reset, so that nothing of it is left in the kernel; known without reading. Waits for it
    /// as long as a read would.
    var isReset: Bool {
        var state = pollfd(fd: descriptor, events: 0, revents: 0)
        return poll(&state, 1, 20_000) == 1 && CInt(state.revents) & CInt(POLLHUP) != 0
    }

    /// Sends bytes and reads to the end.
    func exchange(_ text: String) async throws -> [RawResponse] {
        try await send(text)
        return RawResponse.all(in: try await receiveAll())
    }
}

struct ClientFailure: Error {
    let what: String
    let code: CInt
}

/// An answer taken apart without the server's own code.
struct RawResponse: Equatable {
    var status: Int
    var headers: [String: String]
    var body: [UInt8]
    var text: String { String(decoding: body, as: UTF8.self) }

    /// The answers in a byte stream, in order. `heads` are the positions of those that answer HEAD.
    static func all(in bytes: [UInt8], heads: Set<Int> = []) -> [RawResponse] {
        var rest = bytes[...]
        var found: [RawResponse] = []
        while let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) {
            let lines = String(decoding: rest[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
            rest = rest[end.upperBound...]
            let status = Int(lines[0].split(separator: " ")[1]) ?? 0
            if status == 100 { found.append(RawResponse(status: 100, headers: [:], body: [])); continue }
            var headers: [String: String] = [:]
            for line in lines.dropFirst() {
                guard let colon = line.firstIndex(of: ":") else { continue }
                headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(
                    in: .whitespaces)
            }
            var body: [UInt8] = []
            if heads.contains(found.count) {
            } else if headers["transfer-encoding"] == "chunked" {
                body = takeChunks(&rest)
            } else if let length = headers["content-length"].flatMap(Int.init) {
                body = Array(rest.prefix(length))
                rest = rest.dropFirst(length)
            } else if status != 304 && status != 204 {
                body = Array(rest)
                rest = []
            }
            found.append(RawResponse(status: status, headers: headers, body: body))
        }
        return found
    }

    private static func takeChunks(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
        var body: [UInt8] = []
        while let end = rest.firstRange(of: [13, 10]) {
            let size = Int(String(decoding: rest[..<end.lowerBound], as: UTF8.self), radix: 16) ?? 0
            rest = rest[end.upperBound...]
            body += rest.prefix(size)
            rest = rest.dropFirst(size + 2)
            if size == 0 { break }
        }
        return body
    }
}
