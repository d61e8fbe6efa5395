import Bencode

/// Why bytes are not a torrent we accept.
public enum MetainfoError: Error, Hashable, Sendable {
    /// They are not strict bencode, or exceed its limits.
    case notBencode(BencodeErrorKind)
    /// More bytes than the limit.
    case tooLarge
    /// A key that must be there is missing or has a value of another kind.
    case missing(key: String)
    /// A name or path that cannot be made safe, or is empty.
    case badPath
    /// A length below zero, or a sum of lengths beyond 63 bits.
    case badLength
    /// A piece length that is zero, beyond the limit, or in version 2 no power of two of at least 16 KiB.
    case badPieceLength
    /// The number of piece hashes does not fit the lengths.
    case badPieces
    /// A `meta version` other than 2.
    case unknownMetaVersion
    /// The `piece layers` do not fit the files.
    case badPieceLayers
    /// The two halves of a hybrid torrent name different files.
    case hybridMismatch
    /// Two files of one path, or a file where a folder is.
    case duplicatePath
    /// A symbolic link among the files.
    case symbolicLink
    /// More pieces than the limit.
    case tooManyPieces
    /// More files than the limit.
    case tooManyFiles
}

extension MetainfoError: CustomStringConvertible {
    /// What is wrong, as the end of a sentence.
    public var description: String {
        switch self {
        case .notBencode(.malformed): "it is not bencoded"
        case .notBencode(.disorderedKeys): "its keys are out of order or double"
        case .notBencode(.limitExceeded): "it is nested too deeply or has too many values"
        case .tooLarge: "it is larger than 10 MB"
        case .missing(let key): "'\(key)' is missing or of the wrong kind"
        case .badPath: "it names a file that cannot be named safely"
        case .badLength: "its lengths are impossible"
        case .badPieceLength: "its piece length is impossible"
        case .badPieces: "its piece hashes do not fit its lengths"
        case .unknownMetaVersion: "it is of a version that is not known"
        case .badPieceLayers: "its piece layers do not fit its files"
        case .hybridMismatch: "its v1 and v2 halves name different files"
        case .duplicatePath: "it names the same file twice"
        case .symbolicLink: "it has symbolic links"
        case .tooManyPieces: "it has too many pieces"
        case .tooManyFiles: "it has too many files"
        }
    }
}

/// What kind of fault made bytes unreadable as bencode.
public enum BencodeErrorKind: Hashable, Sendable {
    /// The bytes end too early, or go on too long, or are malformed.
    case malformed
    /// Keys out of order or double.
    case disorderedKeys
    /// Deeper, longer or with more values than the limits allow.
    case limitExceeded
}

extension MetainfoError {
    init(_ error: BencodeError) {
        switch error {
        case .limitExceeded: self = .notBencode(.limitExceeded)
        case .unsortedKey, .duplicateKey: self = .notBencode(.disorderedKeys)
        default: self = .notBencode(.malformed)
        }
    }
}
