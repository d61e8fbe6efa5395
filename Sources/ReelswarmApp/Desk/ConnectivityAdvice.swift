import ByteCoding
import Dialling
import Site
import TrackerClient

/// What the connectivity test says of each way: what came of it, and what to do when it failed.
struct ConnectivityAdvice: Sendable {
    let links: ConnectivityLinks

    /// Behind a home router a failure from inside may be no failure at all.
    private static let loopback =
        "Many home routers do not let a machine reach its own public address: then only a test from another network tells."

    // MARK: Trackers

    func success(seeders: UInt32, leechers: UInt32) -> String {
        "It answered: \(seeders) seeding, \(leechers) fetching."
    }

    func failure(_ error: TrackerClientError, part: ConnectivityCheck.Part, port: UInt16) -> String {
        let transport = part == .trackerUDP ? "UDP" : "TCP"
        return switch error {
        case .refused(let reason, _): "It was reached, but refused: \(reason)"
        case .malformed(let text):
            "Something answered that is no tracker (\(text)). Port \(port) (\(transport)) leads to another program, "
                + "or a proxy does not pass /announce on."
        case .timedOut:
            "Nothing answered. Forward port \(port) (\(transport)) to this machine and open it in the firewall. "
                + Self.loopback
        case .unreachable(let text):
            "Not reached: \(Self.ended(text)) Forward port \(port) (\(transport)) to this machine, open it in the "
                + "firewall, and check that the name in --public-url leads here. " + Self.loopback
        case .forbidden: "The name leads to an address that is nobody's. Set --public-url to one that leads here."
        }
    }

    // MARK: Seeder

    var noSeederAddress: String {
        "The seeder's address is not known. Set --peer-address, or a --public-url whose name resolves."
    }

    func success(_ part: ConnectivityCheck.Part, bytes: Int) -> String {
        switch part {
        case .magnet: "The seeder gave out the torrent's metadata, \(bytes) bytes, and its hash is right."
        case .webSeed: "It gave out the first \(bytes) bytes of the film."
        default: "The seeder shook hands and gave out \(bytes) bytes of the film."
        }
    }

    /// Whether the way counts as working all the same, and the sentence.
    func failure(_ error: PeerProbeError, part: ConnectivityCheck.Part) -> (Bool, String) {
        let port = links.seeders.first.map { String($0.port) } ?? "6881"
        let forward = "Forward port \(port) (TCP) to this machine and open it in the firewall. "
        switch error {
        case .unreachable(let words): return (false, "Not reached: \(words). \(forward)\(Self.loopback)")
        case .timedOut(afterHandshake: false): return (false, "Nothing answered. \(forward)\(Self.loopback)")
        case .timedOut(afterHandshake: true) where part == .peerPort:
            return (true, "The seeder shook hands; no upload was free for the test just now.")
        case .timedOut: return (false, "The seeder shook hands, but the metadata did not come in time. Try again.")
        case .noHandshake:
            return (
                false,
                "Something is there, but does not shake hands for this film: another program has port \(port), or the "
                    + "film is not seeded at the moment. See the log."
            )
        case .malformed: return (false, "What answers on port \(port) is no BitTorrent client of this film.")
        case .closed: return (false, "The seeder shook hands and hung up. Try again; if it stays so, see the log.")
        case .noMetadata: return (false, "The seeder gives out no metadata at the moment. Try again, or see the log.")
        case .wrongMetadata: return (false, "The metadata has another hash than the torrent. See the log.")
        }
    }

    // MARK: Web seed

    func wrongAnswer(status: Int) -> String {
        "It answered with status \(status) instead of a part of the film. A proxy before this server must pass Range "
            + "requests on, and the name in --public-url must lead here."
    }

    func failure(_ error: FetchError) -> String {
        switch error {
        case .tooLarge:
            "It answered with more than was asked for. A proxy before this server must pass Range requests on."
        case .timedOut, .unreachable, .unresolved:
            "\(Self.ended(error.description)) Forward the web port to this machine, or check the proxy before it and the "
                + "name in --public-url. " + Self.loopback
        default: Self.ended(error.description)
        }
    }

    /// A text that ends as a sentence.
    private static func ended(_ text: String) -> String {
        text.last.map { ".!?".contains($0) } ?? false ? text : text + "."
    }
}
