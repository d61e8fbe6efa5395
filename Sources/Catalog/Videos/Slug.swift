/// The part of a video's address that names it: 1 to 80 of a-z, 0-9 and hyphens. It is fixed when the video is made.
public struct Slug: Hashable, Sendable, LosslessStringConvertible {
    /// The longest slug, in characters.
    public static let maximumLength = 80

    /// The slug's text.
    public let rawValue: String

    /// Takes a slug as it stands in an address; nil if it cannot be one.
    public init?(_ text: String) {
        guard (1...Self.maximumLength).contains(text.utf8.count), text.utf8.allSatisfy(Self.isAllowed) else {
            return nil
        }
        rawValue = text
    }

    /// A slug made from a title: ASCII letters and digits, all else one hyphen; `video` where nothing is left. At most
    /// 60 characters, so that a suffix fits.
    public static func from(title: String) -> Slug {
        var bytes: [UInt8] = []
        for byte in Self.folded(title) where bytes.count < 60 {
            if byte != UInt8(ascii: "-") {
                bytes.append(byte)
            } else if let last = bytes.last, last != UInt8(ascii: "-") {
                bytes.append(byte)
            }
        }
        while bytes.last == UInt8(ascii: "-") { bytes.removeLast() }
        return Slug(unchecked: bytes.isEmpty ? "video" : String(decoding: bytes, as: UTF8.self))
    }

    /// The slug with a suffix that tells it from another one, such as `-2`; shortened at its end where needed.
    public func appending(suffix: String) -> Slug {
        let tail = "-" + suffix.utf8.filter(Self.isAllowed).prefix(20).map { String(UnicodeScalar($0)) }.joined()
        return Slug(unchecked: String(rawValue.prefix(Self.maximumLength - tail.utf8.count)) + tail)
    }

    /// The slug's text.
    public var description: String { rawValue }

    private init(unchecked text: String) { rawValue = text }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
        default: false
        }
    }

    /// The title's scalars as slug bytes; the common Latin letters with marks become their plain letter.
    private static func folded(_ title: String) -> [UInt8] {
        title.lowercased().unicodeScalars.flatMap { scalar -> [UInt8] in
            if let ascii = UInt8(exactly: scalar.value), isAllowed(ascii) { return [ascii] }
            if scalar.properties.generalCategory == .nonspacingMark || scalar == "'" { return [] }
            return latin[scalar].map { Array($0.utf8) } ?? [UInt8(ascii: "-")]
        }
    }

    private static let latin: [Unicode.Scalar: String] = [
        "à": "a", "á": "a", "â": "a", "ã": "a", "ä": "ae", "å": "a", "æ": "ae", "ç": "c", "è": "e", "é": "e",
        "ê": "e", "ë": "e", "ì": "i", "í": "i", "î": "i", "ï": "i", "ð": "d", "ñ": "n", "ò": "o", "ó": "o",
        "ô": "o", "õ": "o", "ö": "oe", "ø": "o", "ù": "u", "ú": "u", "û": "u", "ü": "ue", "ý": "y", "ÿ": "y",
        "ß": "ss", "þ": "th", "œ": "oe", "š": "s", "ž": "z", "č": "c", "ć": "c", "ł": "l", "ń": "n", "ś": "s",
        "ź": "z", "ż": "z", "ą": "a", "ę": "e", "ě": "e", "ř": "r", "ů": "u", "ő": "o", "ű": "u", "ğ": "g",
        "ş": "s", "ı": "i", "ț": "t", "ș": "s", "ă": "a", "đ": "d",
    ]
}
