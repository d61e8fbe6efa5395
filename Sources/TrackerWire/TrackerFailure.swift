import Bencode

/// Why a tracker refuses a request, in words for the user.
public struct TrackerFailure: Error, Hashable, Sendable {
    /// When to come back (BEP 31).
    public enum Retry: Hashable, Sendable {
        /// Not at all.
        case never
        /// After so many minutes.
        case minutes(Int)
    }

    /// A sentence.
    public var reason: String
    /// When to come back; nil says nothing about it.
    public var retryIn: Retry?

    /// A failure by its reason.
    public init(reason: String, retryIn: Retry? = nil) {
        self.reason = reason
        self.retryIn = retryIn
    }

    /// The answer over HTTP: a dictionary with `failure reason` and `retry in`.
    public func encoded() -> [UInt8] {
        let retry: BencodeTree? =
            switch retryIn {
            case .never: .string("never")
            case .minutes(let minutes): .integer(Int64(minutes))
            case nil: nil
            }
        return BencodeTree.dictionary(["failure reason": .string(reason), "retry in": retry]).encoded()
    }

    /// The failure that an answer over HTTP holds; nil when it holds none or cannot be read.
    public init?(answer bytes: [UInt8], limits: TrackerAnswerLimits = TrackerAnswerLimits()) {
        guard let document = BencodeDocument.answer(bytes, limits) else { return nil }
        self.init(document.root)
    }

    /// The failure in an answer over HTTP; nil when it is none.
    init?(_ root: BencodeValue) {
        guard let reason = root["failure reason"]?.bytes else { return nil }
        self.init(reason: String(decoding: reason.prefix(1024), as: UTF8.self))
        guard let retry = root["retry in"] else { return }
        if retry.string == "never" { retryIn = .never }
        if let minutes = retry.integer ?? retry.string.flatMap({ Int64($0) }), (0...(1 << 20)).contains(minutes) {
            retryIn = .minutes(Int(minutes))
        }
    }
}
