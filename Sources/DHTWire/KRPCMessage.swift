public import ByteCoding

/// One datagram between two nodes of the DHT (KRPC, BEP 5).
public struct KRPCMessage: Hashable, Sendable {
    /// What a message is.
    public enum Body: Hashable, Sendable {
        /// A question, with the id of the one who asks.
        case query(sender: NodeID, DHTQuery)
        /// An answer.
        case response(DHTResponse)
        /// A refusal.
        case error(KRPCError)
    }

    /// `t`: chosen by the one who asks, echoed by the one who answers. 1...`maximumTransactionByteCount` bytes.
    public var transactionID: [UInt8]
    /// What it is.
    public var body: Body
    /// `ro`: the sender answers nobody and is not to be kept (BEP 43).
    public var isReadOnly: Bool
    /// `ip`: where the sender sees the receiver (BEP 42).
    public var receiver: Endpoint?
    /// `v`: two letters and two bytes that name the client, where it says so; at most 16 bytes.
    public var version: [UInt8]?

    /// The longest datagram that is read, in bytes.
    public static let maximumByteCount = 2_048
    /// The longest transaction id: it is echoed, so that a stranger must not choose how much is sent.
    public static let maximumTransactionByteCount = 32
    /// The longest token.
    public static let maximumTokenByteCount = 128
    /// How many nodes of each family are read from one answer; eight are usual.
    public static let maximumNodes = 32
    /// How many peers are read from one answer.
    public static let maximumValues = 256

    /// A message by its parts.
    public init(
        transactionID: [UInt8], body: Body, isReadOnly: Bool = false, receiver: Endpoint? = nil,
        version: [UInt8]? = nil
    ) {
        self.transactionID = transactionID
        self.body = body
        self.isReadOnly = isReadOnly
        self.receiver = receiver
        self.version = version
    }
}
