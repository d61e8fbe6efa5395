/// What a worker says: one frame at its end, and before it perhaps some that tell how far it is.
///
/// `RSMW`, one byte of status, the payload's length in four bytes (highest first), the payload.
public enum WorkerAnswer: Equatable, Sendable {
    /// What was asked for.
    case result([UInt8])
    /// There is no such thing in this file.
    case nothing
    /// The file could not be read.
    case failure(MediaError)
    /// So much is done, in thousandths. Not the last word.
    case progress(permille: UInt16)
    /// What a clip will be. Not the last word.
    case beginning(CutBeginning)

    /// The bytes before the payload.
    public static let headerLength = 9
    /// Bytes that frames before the last may have in all.
    static let noticeLimit = 64 << 10
    private static let magic: [UInt8] = Array("RSMW".utf8)
    private static let failureLimit = 400

    /// The answer as a frame.
    public func encoded() -> [UInt8] {
        let (status, payload): (UInt8, [UInt8]) =
            switch self {
            case .result(let bytes): (0, bytes)
            case .nothing: (1, [])
            case .failure(let error): (2, [Self.number(of: error.kind)] + Array(error.detail.utf8.prefix(300)))
            case .progress(let permille): (3, [UInt8(permille >> 8), UInt8(permille & 0xff)])
            case .beginning(let beginning): (4, beginning.encoded())
            }
        let length = UInt32(clamping: payload.count)
        let lengthBytes = (0..<4).map { UInt8(truncatingIfNeeded: length >> UInt32(24 - 8 * $0)) }
        return Self.magic + [status] + lengthBytes + payload
    }

    /// Reads a frame that must fill `bytes`. Throws `workerFailed` for anything else, or a result over `limit`.
    public init(decoding bytes: [UInt8], limit: Int) throws(MediaError) {
        var rest = bytes[...]
        guard let answer = try Self.first(in: &rest, limit: limit), rest.isEmpty else {
            throw MediaError(.workerFailed, detail: bytes.isEmpty ? "no answer" : "answer of a wrong length")
        }
        self = answer
    }

    /// Takes the first frame off `bytes`; nil as long as it is not whole.
    static func first(in bytes: inout ArraySlice<UInt8>, limit: Int) throws(MediaError) -> WorkerAnswer? {
        guard bytes.starts(with: magic.prefix(bytes.count)) else {
            throw MediaError(.workerFailed, detail: "no answer")
        }
        guard bytes.count >= headerLength else { return nil }
        let header = bytes.prefix(headerLength)
        let length = header.suffix(4).reduce(0) { $0 << 8 | Int($1) }
        guard length <= max(limit, failureLimit) else { throw MediaError(.workerFailed, detail: "answer too long") }
        guard bytes.count - headerLength >= length else { return nil }
        let payload = Array(bytes.dropFirst(headerLength).prefix(length))
        bytes = bytes.dropFirst(headerLength + length)
        return try answer(status: header.dropFirst(4).first ?? 0xff, payload, limit: limit)
    }

    private static func answer(
        status: UInt8, _ payload: [UInt8], limit: Int
    ) throws(MediaError) -> WorkerAnswer {
        switch (status, payload.first) {
        case (0, _) where payload.count <= limit: return .result(payload)
        case (1, nil): return .nothing
        case (2, .some(let kind))
        where payload.count <= failureLimit && Int(kind) < MediaError.Kind.allCases.count:
            let detail = String(decoding: payload.dropFirst(), as: UTF8.self)
            return .failure(MediaError(MediaError.Kind.allCases[Int(kind)], detail: PlainText.line(detail, limit: 300)))
        case (3, .some(let high)) where payload.count == 2:
            return .progress(permille: min(1000, UInt16(high) << 8 | UInt16(payload[1])))
        case (4, _):
            if let beginning = try? CutBeginning(decoding: payload) { return .beginning(beginning) }
        default: break
        }
        throw MediaError(.workerFailed, detail: "unknown answer")
    }

    /// The result, nil for nothing; a failure is thrown.
    public func result() throws(MediaError) -> [UInt8]? {
        switch self {
        case .result(let bytes): return bytes
        case .nothing: return nil
        case .failure(let error): throw error
        case .progress, .beginning: throw MediaError(.workerFailed, detail: "no last word")
        }
    }

    private static func number(of kind: MediaError.Kind) -> UInt8 {
        UInt8(clamping: MediaError.Kind.allCases.firstIndex(of: kind) ?? 0)
    }
}
