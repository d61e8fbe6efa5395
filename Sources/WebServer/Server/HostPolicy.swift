import ByteCoding

/// Which hosts a request may name; any other is answered 421, against DNS rebinding.
public struct HostPolicy: Sendable {
    private enum Rule: Sendable {
        case any
        case names(Set<String>, localNames: Bool)
    }

    private let rule: Rule

    /// Any host.
    public static let any = HostPolicy(rule: .any)

    /// Only these names (without port, in any case).
    public static func only(_ names: [String]) -> HostPolicy {
        HostPolicy(rule: .names(Set(names.map { $0.lowercased() }), localNames: false))
    }

    /// IP literals, `localhost`, this machine's names and those in `also`.
    public static func local(machineNames: [String] = [], also: [String] = []) -> HostPolicy {
        let names = machineNames + also + ["localhost"]
        return HostPolicy(rule: .names(Set(names.map { $0.lowercased() }), localNames: true))
    }

    /// Whether a request may name that host: lower-case, without port, IPv6 in brackets.
    public func allows(_ hostName: String) -> Bool {
        guard case .names(let names, let localNames) = rule else { return true }
        if names.contains(hostName) { return true }
        guard localNames else { return false }
        let literal =
            hostName.hasPrefix("[") && hostName.hasSuffix("]") ? hostName.dropFirst().dropLast() : hostName[...]
        return IPAddress(String(literal)) != nil
    }
}
