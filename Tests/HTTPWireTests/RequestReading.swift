import HTTPTypes
import HTTPWire

/// What came out of a byte stream: the messages that were whole, and the error that ended it.
struct RequestReading: Equatable {
    struct Message: Equatable {
        var method: String
        var target: String
        var fields: [String]
        var body: [UInt8]
        var keepAlive: Bool
        var framing: BodyFraming
        var hasForeignCoding: Bool
    }

    var messages: [Message] = []
    var error: RequestError?

    /// Feeds the pieces to a parser and body decoder as a connection does. After a message that closes, the rest is
    /// not read. With `skipsBodies`, only heads are read.
    init(_ pieces: [[UInt8]], limits: RequestLimits = RequestLimits(), skipsBodies: Bool = false) {
        var reader = Reader(limits: limits, skipsBodies: skipsBodies)
        do {
            for piece in pieces { try reader.feed(piece) }
        } catch {
            self.error = error
        }
        messages = reader.messages
    }

    private struct Reader {
        let limits: RequestLimits
        let skipsBodies: Bool
        var parser: RequestHeadParser
        var body: BodyDecoder?
        var current: Message?
        var messages: [Message] = []
        var unread: [UInt8] = []
        var closed = false

        init(limits: RequestLimits, skipsBodies: Bool) {
            self.limits = limits
            self.skipsBodies = skipsBodies
            parser = RequestHeadParser(limits: limits)
        }

        mutating func feed(_ piece: [UInt8]) throws(RequestError) {
            unread += piece
            while !closed {
                if body != nil {
                    guard try feedBody() else { return }
                } else {
                    guard try feedHead() else { return }
                }
            }
        }

        private mutating func feedHead() throws(RequestError) -> Bool {
            let bytes = unread
            let step = try parser.parse(bytes.span)
            unread.removeFirst(step.consumed)
            guard let head = step.head else { return false }
            current = Message(
                method: head.method.rawValue, target: String(decoding: head.target, as: UTF8.self),
                fields: head.fields.map { "\($0.name.canonicalName): \($0.value)" }, body: [],
                keepAlive: head.keepAlive,
                framing: head.framing, hasForeignCoding: head.hasForeignCoding)
            body = BodyDecoder(skipsBodies ? .none : head.framing, limits: limits)
            return true
        }

        private mutating func feedBody() throws(RequestError) -> Bool {
            guard var decoder = body else { return false }
            let bytes = unread
            let step = try decoder.decode(bytes.span)
            body = decoder
            current?.body += unread[step.data]
            unread.removeFirst(step.consumed)
            guard step.isFinished else { return step.consumed > 0 }
            if let current { messages.append(current) }
            closed = current?.keepAlive == false
            body = nil
            return true
        }
    }
}

extension RequestReading {
    init(_ text: String, limits: RequestLimits = RequestLimits()) {
        self.init([Array(text.utf8)], limits: limits)
    }

    /// The same bytes one by one.
    static func byBytes(_ bytes: [UInt8], limits: RequestLimits = RequestLimits(), skipsBodies: Bool = false) -> Self {
        Self(bytes.map { [$0] }, limits: limits, skipsBodies: skipsBodies)
    }
}
