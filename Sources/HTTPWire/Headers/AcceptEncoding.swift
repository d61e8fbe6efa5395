/// Which codings a client takes (RFC 9110, 12.5.3).
public struct AcceptEncoding: Sendable {
    private let accepted: Set<String>
    private let refused: Set<String>

    /// Reads an Accept-Encoding value; weights other than zero are all the same here.
    public init(_ header: String?) {
        var accepted: Set<String> = []
        var refused: Set<String> = []
        for part in (header ?? "").lowercased().split(separator: ",").prefix(32) {
            let pieces = part.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
            guard let coding = pieces.first else { continue }
            let weight = pieces.dropFirst().first { $0.hasPrefix("q=") }?.dropFirst(2)
            let isZero = weight.map { $0.hasPrefix("0") && !$0.contains { "123456789".contains($0) } } ?? false
            if isZero { refused.insert(coding) } else { accepted.insert(coding) }
        }
        self.accepted = accepted
        self.refused = refused
    }

    /// Whether the client takes that coding, by its lower-case name.
    public func accepts(_ coding: String) -> Bool {
        accepted.contains(coding) || (accepted.contains("*") && !refused.contains(coding))
    }
}
