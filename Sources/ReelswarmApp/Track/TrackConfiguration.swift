import ByteCoding
import Configuration
import Logging
import TrackerServer

/// Everything `track` is told at its start.
struct TrackConfiguration: Sendable {
    /// Which torrents are tracked.
    enum Admission: Hashable, Sendable {
        /// All that are announced.
        case open
        /// Those a file names.
        case file(path: String)
    }

    /// Which torrents are tracked.
    var admission: Admission
    /// File with the passkeys of which each client needs one; nil where none is needed.
    var passkeys: String?
    /// File that keeps the swarms over a restart.
    var state: String?
    /// Addresses to listen on; IPv6 sockets take IPv6 only.
    var hosts: [String]
    /// TCP and UDP port; 0 picks a free one.
    var port: Int
    /// Seconds between two announces of a client, 10 to 14,400.
    var interval: Int
    /// Most peers of an answer, 1 to 80.
    var peers: Int
    /// Proxies whose `X-Forwarded-*` headers count.
    var trustedProxies: [CIDR]
    /// Whether every announce becomes a line of the log.
    var logsAnnounces: Bool
    /// Where the port is written to when the tracker is ready.
    var portsFile: String?
    /// Smallest severity that is logged.
    var logLevel: Logger.Level

    /// Reads and checks every setting; the first that cannot be is thrown as a sentence.
    init(reader: ConfigReader) throws {
        admission = try Self.admission(isOpen: reader.isOn("open"), file: reader.text("allow"))
        passkeys = reader.text("passkeys")
        state = reader.text("state")
        hosts = try reader.listenAddresses()
        port = try reader.port("tracker.port", default: 6969)
        interval = try reader.number("interval", "The interval", in: 10...14_400, default: 900)
        peers = try reader.number("peers", "The number of peers", in: 1...80, default: 50)
        trustedProxies = try reader.trustedProxies()
        logsAnnounces = try reader.isOn("log.announces")
        portsFile = reader.text("ports.file")
        let level = reader.string(forKey: "log.level", default: "info")
        logLevel = try CommandFailure.require(Logger.Level(rawValue: level), "'\(level)' is not a log level.")
    }

    private static func admission(isOpen: Bool, file: String?) throws -> Admission {
        switch (isOpen, file) {
        case (true, nil): .open
        case (false, let path?): .file(path: path)
        case (true, .some): throw CommandFailure.usage("Give --open or --allow FILE, not both.")
        case (false, nil):
            throw CommandFailure.usage(
                "Say which torrents to track: --allow FILE for those it names, --open for all that are announced.")
        }
    }

    /// What the tracker is told of it.
    var policy: TrackerPolicy {
        var policy = TrackerPolicy()
        policy.interval = interval
        policy.minimumInterval = min(policy.minimumInterval, interval)
        policy.maximumPeersWanted = peers
        policy.defaultPeersWanted = min(policy.defaultPeersWanted, peers)
        policy.logsAnnounces = logsAnnounces
        return policy
    }
}
