/// The cookies of a request (RFC 6265, 4.2).
public struct Cookies: Sendable, Equatable {
    private let pairs: [Pair]

    private struct Pair: Sendable, Equatable {
        let name: String
        let value: String
    }

    /// Reads Cookie header values; what is no pair is skipped, and at most 100 pairs are kept.
    public init(_ values: [String]) {
        var pairs: [Pair] = []
        for part in values.joined(separator: ";").utf8.split(separator: UInt8(ascii: ";")) {
            guard pairs.count < 100, let equals = part.firstIndex(of: Octet.equals) else { continue }
            let name = Self.text(part[..<equals])
            guard !name.isEmpty else { continue }
            pairs.append(Pair(name: name, value: Self.text(part[part.index(after: equals)...])))
        }
        self.pairs = pairs
    }

    /// The value of the first cookie of that name.
    public subscript(_ name: String) -> String? {
        pairs.first { $0.name == name }?.value
    }

    /// How often the name occurs: a second one may come from another site on the same domain.
    public func count(of name: String) -> Int {
        pairs.count { $0.name == name }
    }

    private static func text(_ bytes: Substring.UTF8View) -> String {
        var trimmed = bytes.drop { Octet.isBlank($0) }
        while let last = trimmed.last, Octet.isBlank(last) { trimmed.removeLast() }
        if trimmed.count >= 2, trimmed.first == Octet.quote, trimmed.last == Octet.quote {
            trimmed = trimmed.dropFirst().dropLast()
        }
        return String(decoding: trimmed, as: UTF8.self)
    }
}
