/// `value; name=token; name="quoted"`, as Content-Type and Content-Disposition have it.
struct ParameterizedValue: Sendable {
    /// The part before the first semicolon, lower-case.
    let value: String
    private let parameters: [(name: String, value: String)]

    /// Reads a field value; nil where it is malformed or names a parameter twice.
    init?(_ bytes: [UInt8]) {
        let end = bytes.firstIndex(of: Octet.semicolon) ?? bytes.endIndex
        let text = bytes[..<end].map(Octet.lowercased)
        value = String(decoding: text, as: UTF8.self).trimmingBlanks()
        var parameters: [(name: String, value: String)] = []
        var rest = bytes[end...]
        while !rest.isEmpty {
            rest = rest.dropFirst().drop { Octet.isBlank($0) }
            if rest.isEmpty { break }
            if rest.first == Octet.semicolon { continue }
            guard let parameter = Self.take(&rest), !parameters.contains(where: { $0.name == parameter.name }) else {
                return nil
            }
            parameters.append(parameter)
            rest = rest.drop { Octet.isBlank($0) }
            guard rest.isEmpty || rest.first == Octet.semicolon else { return nil }
        }
        self.parameters = parameters
    }

    /// The value of the parameter of that lower-case name.
    subscript(_ name: String) -> String? {
        parameters.first { $0.name == name }?.value
    }

    private static func take(_ rest: inout ArraySlice<UInt8>) -> (name: String, value: String)? {
        let name = rest.prefix { Octet.isToken($0) }
        rest = rest.dropFirst(name.count)
        guard !name.isEmpty, rest.popFirst() == Octet.equals else { return nil }
        let text = String(decoding: name.map(Octet.lowercased), as: UTF8.self)
        if rest.first == Octet.quote { return takeQuoted(&rest).map { (text, $0) } }
        let value = rest.prefix { $0 != Octet.semicolon && !Octet.isBlank($0) && $0 != Octet.quote }
        rest = rest.dropFirst(value.count)
        return (text, String(decoding: value, as: UTF8.self))
    }

    /// A backslash escapes a quote or a backslash; before anything else it is itself, since some browsers send whole
    /// Windows paths.
    private static func takeQuoted(_ rest: inout ArraySlice<UInt8>) -> String? {
        var out: [UInt8] = []
        rest = rest.dropFirst()
        while let byte = rest.popFirst() {
            if byte == Octet.quote { return String(decoding: out, as: UTF8.self) }
            if byte == Octet.backslash, let next = rest.first, next == Octet.quote || next == Octet.backslash {
                out.append(next)
                rest = rest.dropFirst()
            } else {
                out.append(byte)
            }
        }
        return nil
    }
}

extension String {
    /// The text without blanks at its ends.
    func trimmingBlanks() -> String {
        var bytes = utf8[...]
        while let first = bytes.first, Octet.isBlank(first) { bytes.removeFirst() }
        while let last = bytes.last, Octet.isBlank(last) { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
