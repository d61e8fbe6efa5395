import ByteCoding
import Configuration
import Foundation

/// Settings of the kinds that several commands have, each with the sentence for what cannot be.
extension ConfigReader {
    /// The parts of a comma-separated setting.
    func list(_ key: ConfigKey) -> [String] {
        (stringArray(forKey: key) ?? []).map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    /// A text that is not empty.
    func text(_ key: ConfigKey) -> String? {
        string(forKey: key).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A port number; 0 stands for any free one.
    func port(_ key: ConfigKey, default standard: Int) throws -> Int {
        let text = string(forKey: key, default: String(standard))
        return try CommandFailure.require(
            Int(text).flatMap { (0...65_535).contains($0) ? $0 : nil }, "'\(text)' is not a port number.")
    }

    /// A whole number within a range; `name` says in the sentence what it is.
    func number(_ key: ConfigKey, _ name: String, in range: ClosedRange<Int>, default standard: Int) throws -> Int {
        let text = string(forKey: key, default: String(standard))
        return try CommandFailure.require(
            Int(text).flatMap { range.contains($0) ? $0 : nil },
            "\(name) must be between \(range.lowerBound) and \(range.upperBound), not '\(text)'.")
    }

    /// A switch; off when absent.
    func isOn(_ key: ConfigKey) throws -> Bool {
        let text = string(forKey: key, default: "false").lowercased()
        return try CommandFailure.require(
            ["true": true, "yes": true, "1": true, "false": false, "no": false, "0": false, "": false][text],
            "'\(text)' is neither true nor false.")
    }

    /// The addresses to listen on; all of both families when none is given.
    func listenAddresses() throws -> [String] {
        let hosts = try list("host").map(Self.listenAddress)
        return hosts.isEmpty ? ["0.0.0.0", "::"] : hosts
    }

    /// Proxies whose `X-Forwarded-*` headers count.
    func trustedProxies() throws -> [CIDR] {
        try list("trusted.proxy").map {
            try CommandFailure.require(CIDR($0), "'\($0)' is not a proxy address such as 10.0.0.0/8.")
        }
    }

    private static func listenAddress(_ text: String) throws -> String {
        let bare = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        guard bare != "localhost" else { return "127.0.0.1" }
        return try CommandFailure.require(IPAddress(bare), "'\(text)' is not an IP address to listen on.").description
    }
}

extension CommandFailure {
    /// The value, or wrong usage with that sentence where there is none.
    static func require<Value>(_ value: Value?, _ sentence: String) throws -> Value {
        guard let value else { throw usage(sentence) }
        return value
    }
}
