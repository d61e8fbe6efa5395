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
    private let stopFlag = StopFlag()

    private init(sockets: [UDPSocket], port: UInt16) {
        self.sockets = sockets
        self.port = port
    }

    /// Binds every host on one port; port 0 becomes one that is free on all of them. A machine without IPv6 is served
    /// without it.
    ///
    /// - Parameter workers: sockets for each host; with several the kernel spreads the clients over them.
    static func bind(
        hosts: [IPAddress], port: UInt16, workers: Int = 1, logger: Logger
    ) throws(TrackerError) -> UDPFrontEnd {
        var attempt = 1
        while true {
            do throws(TrackerError) {
                let sockets = try sockets(hosts, port: port, workers: workers, logger: logger)
                guard let first = sockets.first else { throw .noHosts }
                return UDPFrontEnd(sockets: sockets, port: first.local.port)
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
        _ hosts: [IPAddress], port: UInt16, workers: Int, logger: Logger
    ) throws(TrackerError) -> [UDPSocket] {
        var sockets: [UDPSocket] = []
        for host in hosts {
            let endpoint = Endpoint(address: host, port: sockets.first?.local.port ?? port)
            do throws(TrackerError) {
                sockets += try Self.sockets(endpoint, workers: workers)
            } catch {
                guard case .cannotBind(_, let code) = error, !host.isIPv4,
                    code == EAFNOSUPPORT || code == EADDRNOTAVAIL, hosts.count > 1
                else { throw error }
                logger.warning("udp tracker without an address", metadata: ["host": "\(host)"])
            }
        }
        return sockets
    }

    private static func sockets(_ endpoint: Endpoint, workers: Int) throws(TrackerError) -> [UDPSocket] {
        let alone = try UDPSocket(endpoint)
        guard workers > 1 else { return [alone] }
        // A shared port would be shared with another tracker too. That this one could be had alone shows that nobody
        // else has it; it is let go for the ones that share it.
        let local = alone.local
        _ = consume alone
        var sockets: [UDPSocket] = []
        for _ in 0..<workers { sockets.append(try UDPSocket(local, sharesPort: true)) }
        return sockets
    }

    /// Starts the threads. After an error call `stop`, since some may run.
    func start(logic: TrackerLogic, metrics: TrackerMetrics) throws(TrackerError) {
        let ids = ConnectionIDs()
        for socket in sockets {
            let stopFlag = stopFlag
            let thread = SocketThread {
                var loop = UDPLoop(socket: socket, stop: stopFlag, exchange: UDPExchange(logic: logic, ids: ids))
                loop.run(clock: logic.clock, metrics: metrics)
            }
            guard let thread else { throw .noThreads }
            threads.withLock { $0.append(thread) }
        }
    }

    /// Ends the threads, started or not, and waits for them; the sockets close with the last owner. Call it once.
    func stop() {
        stopFlag.set()
        for socket in sockets { socket.endReceiving() }
        let threads = threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
        for thread in threads { thread.join() }
    }
}
