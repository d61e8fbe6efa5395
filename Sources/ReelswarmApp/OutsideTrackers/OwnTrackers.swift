import ByteCoding
import TrackerClient

/// Tells announce URLs that lead to this very server from those of others: host, port and path have to be ours.
struct OwnTrackers: Hashable, Sendable {
    /// Names under which this machine is known, in lower case: that of the public URL, the machine's own, those allowed.
    var names: Set<String>
    /// Addresses of this machine and those under which peers reach it.
    var addresses: Set<IPAddress>
    /// Ports on which announces are answered over HTTP: the web's, the tracker's, the public URL's.
    var webPorts: Set<UInt16>
    /// The port on which they are answered over UDP.
    var udpPort: UInt16

    /// Our own announces are told by these parts; `localhost` is always a name of this machine.
    init(names: some Sequence<String>, addresses: Set<IPAddress>, webPorts: Set<UInt16>, udpPort: UInt16) {
        self.names = Set(names.map(Self.plain)).union(["localhost"])
        self.addresses = addresses
        self.webPorts = webPorts
        self.udpPort = udpPort
    }

    /// Whether announces to this address come back to us.
    func contains(_ tracker: TrackerAddress) -> Bool {
        guard isHere(tracker.host) else { return false }
        guard tracker.scheme != .udp else { return tracker.port == udpPort }
        let path = tracker.path.prefix { $0 != "?" }
        let steps = path.split(separator: "/", omittingEmptySubsequences: true)
        return webPorts.contains(tracker.port) && steps.count <= 2 && steps.contains("announce")
    }

    private func isHere(_ host: String) -> Bool {
        guard let address = IPAddress(host) else { return names.contains(Self.plain(host)) }
        return address.scope == .loopback || addresses.contains(address) || names.contains(host)
    }

    /// A name as it is compared: lower case, no brackets, no dot at its end.
    private static func plain(_ name: String) -> String {
        var name = name.lowercased()
        if name.hasPrefix("["), name.hasSuffix("]") { name = String(name.dropFirst().dropLast()) }
        if name.hasSuffix(".") { name.removeLast() }
        return name
    }
}
