import Foundation
import Synchronization
import Testing

/// A web server on loopback that answers everything with the same bytes.
final class FileServer: Sendable {
    let url: String
    private let descriptor: CInt
    private let asked = Atomic(false)

    var wasAsked: Bool { asked.load(ordering: .acquiring) }

    init(_ bytes: [UInt8]) throws {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        try #require(isBound && listen(descriptor, 8) == 0)
        self.descriptor = descriptor
        url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))/film.torrent"
        let head = "HTTP/1.1 200 OK\r\nContent-Length: \(bytes.count)\r\nConnection: close\r\n\r\n"
        let thread = Thread { [weak self] in
            while true {
                let peer = accept(descriptor, nil, nil)
                guard peer >= 0 else { return }
                self?.asked.store(true, ordering: .releasing)
                var room = [UInt8](repeating: 0, count: 4096)
                _ = recv(peer, &room, room.count, 0)
                let answer = Array(head.utf8) + bytes
                _ = send(peer, answer, answer.count, CInt(MSG_NOSIGNAL))
                close(peer)
            }
        }
        thread.start()
    }

    deinit {
        shutdown(descriptor, CInt(SHUT_RDWR))
        close(descriptor)
    }
}
