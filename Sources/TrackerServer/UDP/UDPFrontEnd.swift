import ByteCoding
import CLinux
import Glibc
import Logging
import Synchronization

/// The sockets of the UDP tracker, each with a thread of its own.
final class UDPFrontEnd: Sendable {
    /// The port all sockets share.
    let port: UInt16

    private let sockets: [UDPSocket]
    private let threads = Mutex<[SocketThread]>([])
    /// Closing its writing end wakes every thread for good.
    private let wake: (reader: CInt, writer: CInt)

    private init(sockets: [UDPSocket], port: UInt16) throws(TrackerError) {
        var ends: [CInt] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw .noThreads }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        wake = (ends[0], ends[1])
        self.sockets = sockets
        self.port = port
    }

    /// Binds every host on one port; port 0 becomes one that is free on all of them. A machine without IPv6 is served
    /// without it.
    static func bind(
        hosts: [IPAddress], port: UInt16, logger: Logger
    ) throws(TrackerError) -> UDPFrontEnd {
        var attempt = 1
        while true {
            do throws(TrackerError) {
                let sockets = try sockets(hosts, port: port, logger: logger)
                guard let first = sockets.first else { throw .noHosts }
                return try UDPFrontEnd(sockets: sockets, port: first.local.port)
            } catch {
                // A port that is free on the first host may be taken on the second: draw again.
                guard case .cannotBind(_, let code) = error, code == EADDRINUSE, port == 0, attempt < 16 else {
                    throw error
                }
                attempt += 1
            }
        }
    }

    private static func sockets(
        _ hosts: [IPAddress], port: UInt16, logger: Logger
    ) throws(TrackerError) -> [UDPSocket] {
        var sockets: [UDPSocket] = []
        for host in hosts {
            let endpoint = Endpoint(address: host, port: sockets.first?.local.port ?? port)
            do throws(TrackerError) {
                sockets.append(try UDPSocket(endpoint))
            } catch {
                guard case .cannotBind(_, let code) = error, !host.isIPv4,
                    code == EAFNOSUPPORT || code == EADDRNOTAVAIL, hosts.count > 1
                else { throw error }
                logger.warning("udp tracker without an address", metadata: ["host": "\(host)"])
            }
        }
        return sockets
    }

    /// Starts the threads. After an error call `stop`, since some may run.
    func start(logic: TrackerLogic, metrics: TrackerMetrics) throws(TrackerError) {
        let ids = ConnectionIDs()
        for socket in sockets {
            let reader = wake.reader
            let thread = SocketThread {
                var loop = UDPLoop(socket: socket, wake: reader, exchange: UDPExchange(logic: logic, ids: ids))
                loop.run(clock: logic.clock, metrics: metrics)
            }
            guard let thread else { throw .noThreads }
            threads.withLock { $0.append(thread) }
        }
    }

    /// Ends the threads, started or not, and waits for them; the sockets close with the last owner. Call it once.
    func stop() {
        close(wake.writer)
        let threads = threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
        for thread in threads { thread.join() }
        close(wake.reader)
    }
}
