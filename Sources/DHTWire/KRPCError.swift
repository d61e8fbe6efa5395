/// Why a query is not answered (BEP 5).
public struct KRPCError: Error, Hashable, Sendable {
    /// 201 generic, 202 server, 203 protocol, 204 unknown method; others may come in.
    public var code: Int64
    /// The reason for a human.
    public var message: String

    /// An error by its parts.
    public init(code: Int64, message: String) {
        self.code = code
        self.message = message
    }

    /// The query lacks something, or has it wrong.
    public static func malformed(_ message: String) -> KRPCError { KRPCError(code: 203, message: message) }
    /// Nobody here knows such a query.
    public static let unknownMethod = KRPCError(code: 204, message: "unknown method")
    /// The token of an announce is not one we gave to that address lately.
    public static let badToken = KRPCError(code: 203, message: "bad token")
}

/// Why a datagram is no message, sorted by who may hear of it.
public enum KRPCDecodingError: Error, Hashable, Sendable {
    /// Nobody: it is no KRPC, or a broken answer.
    case notAMessage
    /// The sender: a query with that transaction id that cannot be answered.
    case refused(transactionID: [UInt8], KRPCError)
}
