import CLinux
import Glibc
import TrackerWire

/// Announces over HTTP, on connections that stay or on one connection each.
struct HTTPLoad {
    private let options: LoadOptions
    /// By source address: a peer always announces from the same one.
    private let requests: [[[UInt8]]]
    private static let requestCount = 8192

    init(_ options: LoadOptions) throws(LoadError) {
        self.options = options
        var random = LoadRandom(seed: 2)
        let population = options.population
        let ending = options.isOnce ? "Connection: close\r\n\r\n" : "\r\n"
        let addresses = min(Sockets.addressCount, population.peers)
        requests = (0..<addresses).map { address in
            (0..<Self.requestCount / addresses).map { _ in
                let share = (population.peers - address + addresses - 1) / addresses
                let announce = population.announce(
                    random.below(population.torrents), address + addresses * random.below(share),
                    numWant: options.numWant)
                let line = "GET /announce?\(HTTPAnnounce.query(for: announce)) HTTP/1.1\r\n"
                return Array((line + "Host: \(options.host):\(options.port)\r\n" + ending).utf8)
            }
        }
    }

    func run() throws(LoadError) -> LoadReport {
        var connections: [HTTPConnection] = []
        for number in 0..<max(1, options.connections) {
            connections.append(HTTPConnection(number: number, depth: options.isOnce ? 1 : max(1, options.depth)))
        }
        var waits = [pollfd](repeating: pollfd(fd: -1, events: 0, revents: 0), count: connections.count)
        var random = LoadRandom(seed: 3)
        var report = LoadReport()
        let before = ProcessUse(pid: options.pid)
        let start = monotonicSeconds()
        var now = start
        while now - start < options.seconds {
            for index in connections.indices {
                try step(connections[index], isReadable: waits[index].revents != 0, &random, &report, now)
                waits[index] = pollfd(fd: connections[index].descriptor, events: connections[index].events, revents: 0)
            }
            _ = unsafe poll(&waits, nfds_t(waits.count), 100)
            now = monotonicSeconds()
        }
        report.seconds = now - start
        if let before { report.process = ProcessUse(pid: options.pid)?.since(before) }
        return report
    }

    private func step(
        _ connection: HTTPConnection, isReadable: Bool, _ random: inout LoadRandom, _ report: inout LoadReport,
        _ now: Double
    ) throws(LoadError) {
        if isReadable || connection.isLate(now) { connection.proceed(&report, now) }
        if connection.descriptor < 0 || (options.isOnce && connection.isIdle && connection.hasAnswered) {
            try connection.open(to: options.host, options.port, now)
        }
        if connection.isIdle || (!options.isOnce && connection.room > 0) {
            let own = requests[connection.address % requests.count]
            while connection.room > 0 { connection.add(own[random.below(own.count)]) }
            connection.proceed(&report, now)
        }
    }
}
