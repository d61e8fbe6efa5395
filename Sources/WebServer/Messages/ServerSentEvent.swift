/// One server-sent event (HTML, 9.2).
public struct ServerSentEvent: Sendable, Equatable {
    /// The event's name; nil is `message`.
    public var event: String?
    /// The data; line breaks become several `data:` lines.
    public var data: String
    /// The id that a reconnecting client sends back.
    public var id: String?

    /// An event of these parts.
    public init(event: String? = nil, data: String, id: String? = nil) {
        self.event = event
        self.data = data
        self.id = id
    }

    /// The event on the wire. Names and ids lose line breaks and NUL, which would begin another field.
    public var encoded: [UInt8] {
        var out: [UInt8] = []
        if let event { Self.append("event", event, to: &out) }
        if let id { Self.append("id", id, to: &out) }
        Self.appendData(data, to: &out)
        out.append(UInt8(ascii: "\n"))
        return out
    }

    private static func append(_ field: String, _ value: String, to out: inout [UInt8]) {
        out.append(contentsOf: field.utf8)
        out.append(contentsOf: ": ".utf8)
        out.append(contentsOf: value.utf8.filter { $0 != 10 && $0 != 13 && $0 != 0 })
        out.append(UInt8(ascii: "\n"))
    }

    /// CR, LF and CRLF all end a line in this format, so each begins another `data:` line.
    private static func appendData(_ data: String, to out: inout [UInt8]) {
        out.append(contentsOf: "data: ".utf8)
        var afterReturn = false
        for byte in data.utf8 {
            let isBreak = byte == 13 || (byte == 10 && !afterReturn)
            if isBreak { out.append(contentsOf: "\ndata: ".utf8) } else if byte != 10 { out.append(byte) }
            afterReturn = byte == 13
        }
        out.append(UInt8(ascii: "\n"))
    }
}
