/// Why bytes are not a film index.
public enum FilmIndexError: Error, Equatable, Sendable {
    /// The first bytes are not those of an index, or of a version this program does not know.
    case notAnIndex
    /// The bytes end in the middle of a value, or go on after the last one.
    case wrongLength
    /// A value that an index never holds: an overlong number, an unknown stream kind, an overflow.
    case invalidValue
    /// More bytes, streams, buckets or ranges than the limits allow.
    case tooLarge
}
