/// What a worker says at its end: one frame on its standard output.
///
/// `RSMW`, one byte of status, the payload's length in four bytes (highest first), the payload, nothing after it.
public enum WorkerAnswer: Equatable, Sendable {
    /// What was asked for.
    case result([UInt8])
    /// There is no such thing in this file.
    case nothing
    /// The file could not be read.
    case failure(MediaError)

    /// The bytes before the payload.
    public static let headerLength = 9
    private static let magic: [UInt8] = Array("RSMW".utf8)
    private static let failureLimit = 400

    /// The answer as a frame.
    public func encoded() -> [UInt8] {
        let (status, payload): (UInt8, [UInt8]) =
            switch self {
            case .result(let bytes): (0, bytes)
            case .nothing: (1, [])
            case .failure(let error): (2, [Self.number(of: error.kind)] + Array(error.detail.utf8.prefix(300)))
            }
        let length = UInt32(clamping: payload.count)
        let lengthBytes = (0..<4).map { UInt8(truncatingIfNeeded: length >> UInt32(24 - 8 * $0)) }
        return Self.magic + [status] + lengthBytes + payload
    }

    /// Reads a frame that must fill `bytes`. Throws `workerFailed` for anything else, or a result over `limit`.
    public init(decoding bytes: [UInt8], limit: Int) throws(MediaError) {
        guard bytes.count >= Self.headerLength, bytes.starts(with: Self.magic) else {
            throw MediaError(.workerFailed, detail: "no answer")
        }
        let length = bytes[5..<9].reduce(0) { $0 << 8 | Int($1) }
        let payload = Array(bytes.dropFirst(Self.headerLength))
        guard payload.count == length, length <= limit else {
            throw MediaError(.workerFailed, detail: "answer of a wrong length")
        }
        switch (bytes[4], payload.first) {
        case (0, _): self = .result(payload)
        case (1, nil): self = .nothing
        case (2, .some(let kind)) where length <= Self.failureLimit && Int(kind) < MediaError.Kind.allCases.count:
            let detail = String(decoding: payload.dropFirst(), as: UTF8.self)
            self = .failure(MediaError(MediaError.Kind.allCases[Int(kind)], detail: PlainText.line(detail, limit: 300)))
        default: throw MediaError(.workerFailed, detail: "unknown answer")
        }
    }

    /// The result, nil for nothing; a failure is thrown.
    public func result() throws(MediaError) -> [UInt8]? {
        switch self {
        case .result(let bytes): bytes
        case .nothing: nil
        case .failure(let error): throw error
        }
    }

    private static func number(of kind: MediaError.Kind) -> UInt8 {
        UInt8(clamping: MediaError.Kind.allCases.firstIndex(of: kind) ?? 0)
    }
}
