/// An entity tag (RFC 9110, 8.8.3).
public struct EntityTag: Sendable, Equatable {
    /// The opaque text, without quotes.
    public let opaque: String
    /// Whether it is weak: the same in meaning, perhaps not in every byte.
    public let isWeak: Bool

    /// A tag of that text; bytes that a tag may not hold are dropped.
    public init(_ opaque: String, isWeak: Bool = false) {
        self.opaque = String(
            decoding: opaque.utf8.filter { $0 > 0x20 && $0 < 0x7f && $0 != Octet.quote }, as: UTF8.self)
        self.isWeak = isWeak
    }

    /// The tag as a field value.
    public var formatted: String { (isWeak ? "W/" : "") + "\"\(opaque)\"" }

    /// The same tag and both strong (RFC 9110, 8.8.3.2).
    public func matchesStrongly(_ other: EntityTag) -> Bool { self == other && !isWeak }

    /// The same opaque text.
    public func matchesWeakly(_ other: EntityTag) -> Bool { opaque == other.opaque }

    /// Reads a list of tags; nil where it is malformed or longer than 1,000 tags.
    public static func list(_ text: String) -> [EntityTag]? {
        var rest = text.utf8[...]
        var tags: [EntityTag] = []
        while true {
            rest = rest.drop { Octet.isBlank($0) || $0 == UInt8(ascii: ",") }
            if rest.isEmpty { return tags }
            guard tags.count < 1000, let tag = take(&rest) else { return nil }
            tags.append(tag)
            rest = rest.drop { Octet.isBlank($0) }
            guard rest.isEmpty || rest.first == UInt8(ascii: ",") else { return nil }
        }
    }

    private static func take(_ rest: inout Substring.UTF8View.SubSequence) -> EntityTag? {
        let isWeak = rest.starts(with: "W/".utf8)
        if isWeak { rest = rest.dropFirst(2) }
        guard rest.popFirst() == Octet.quote, let end = rest.firstIndex(of: Octet.quote) else { return nil }
        let opaque = String(decoding: rest[..<end], as: UTF8.self)
        rest = rest[rest.index(after: end)...]
        return EntityTag(opaque, isWeak: isWeak)
    }
}
