import HTTPTypes

/// A head whose lines are still arriving.
struct PartialHead: Sendable {
    let method: HTTPRequest.Method
    let target: [UInt8]
    let version: HTTPVersion
    var fields = HTTPFields()
    private var hosts: [String] = []
    private var framing = FramingFields()

    /// Reads a request line: method, one space, target, one space, version (RFC 9112, 3).
    init(_ line: Range<Int>, of input: Span<UInt8>) throws(RequestError) {
        guard let first = input.firstIndex(of: Octet.space, from: line.lowerBound), first < line.upperBound,
            let second = input.firstIndex(of: Octet.space, from: first + 1), second < line.upperBound
        else { throw RequestError.requestLine }
        let target = (first + 1)..<second
        guard !target.isEmpty else { throw RequestError.requestLine }
        for index in target where !Octet.isVisible(input[index]) { throw RequestError.target }
        version = try Self.version((second + 1)..<line.upperBound, of: input)
        method = try RequestMethod.parse(line.lowerBound..<first, of: input)
        self.target = input.copy(target)
        fields.reserveCapacity(12)
    }

    private static func version(_ range: Range<Int>, of input: Span<UInt8>) throws(RequestError) -> HTTPVersion {
        guard range.count == 8, input.text(range.lowerBound..<(range.lowerBound + 5)) == "HTTP/",
            Octet.isDigit(input[range.lowerBound + 5]), input[range.lowerBound + 6] == UInt8(ascii: "."),
            Octet.isDigit(input[range.lowerBound + 7])
        else { throw RequestError.requestLine }
        switch (input[range.lowerBound + 5], input[range.lowerBound + 7]) {
        case (UInt8(ascii: "1"), UInt8(ascii: "1")): return .http11
        case (UInt8(ascii: "1"), UInt8(ascii: "0")): return .http10
        default: throw RequestError.version
        }
    }

    /// Reads a header line: name, colon, value with blanks around it; no folding (RFC 9112, 5).
    mutating func takeField(_ line: Range<Int>, of input: Span<UInt8>) throws(RequestError) {
        guard let colon = input.firstIndex(of: Octet.colon, from: line.lowerBound), colon < line.upperBound,
            colon > line.lowerBound
        else { throw RequestError.fieldLine }
        let nameRange = line.lowerBound..<colon
        for index in nameRange where !Octet.isToken(input[index]) { throw RequestError.fieldLine }
        for index in (colon + 1)..<line.upperBound where !Octet.isFieldContent(input[index]) {
            throw RequestError.fieldLine
        }
        let value = input.trimmed((colon + 1)..<line.upperBound)
        let name = try KnownFieldName.name(nameRange, of: input)
        try framing.note(nameRange, value, of: input)
        let text = input.text(value)
        if nameRange.count == 4, input.equalsIgnoringCase("host", in: nameRange) { hosts.append(text) }
        fields.append(HTTPField(name: name, value: text))
    }

    /// Decides the framing and the connection's fate.
    consuming func finished() throws(RequestError) -> RequestHead {
        let framingResult = try framing.decide(version: version)
        let connection = ConnectionOptions(fields)
        let keepAlive = version == .http11 ? !connection.hasClose : connection.hasKeepAlive && !connection.hasClose
        let expectation = version == .http11 ? fields[.expect] : nil
        let expectsContinue = expectation.map { $0.lowercased() == "100-continue" } ?? false
        return RequestHead(
            method: method, target: target, version: version, fields: fields, hosts: hosts,
            framing: framingResult.framing, keepAlive: keepAlive, expectsContinue: expectsContinue,
            hasUnknownExpectation: expectation != nil && !expectsContinue,
            hasForeignCoding: framingResult.hasForeignCoding)
    }
}
