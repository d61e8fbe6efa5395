/// Walks a linked template and writes bytes.
///
/// Escaping works on bytes: a quote followed by a combining mark is one `Character` in Swift, and is escaped all the
/// same.
struct TemplateRenderer {
    /// The finished page so far.
    private(set) var output: [UInt8] = []
    /// Names that no object on the way knew: mistakes of ours, looked at by tests.
    private(set) var unknownNames: Set<String> = []
    private var scopes: [TemplateValue]

    /// A renderer that looks names up in `values`.
    init(values: TemplateValue, capacity: Int = 16_384) {
        scopes = [values]
        output.reserveCapacity(capacity)
    }

    /// Appends what the nodes make of the values.
    mutating func render(_ nodes: [TemplateNode]) {
        for node in nodes {
            switch node {
            case .text(let bytes): output += bytes
            case .variable(let path): if case .text(let text) = value(at: path) { escape(text) }
            case .section(let path, let inner): renderSection(value(at: path), inner)
            case .inverted(let path, let inner): if !value(at: path).isShown { render(inner) }
            case .partial, .layout, .block: break
            }
        }
    }

    private mutating func renderSection(_ value: TemplateValue, _ inner: [TemplateNode]) {
        guard value.isShown else { return }
        switch value {
        case .list(let elements): for element in elements { render(inner, in: element) }
        case .object, .text: render(inner, in: value)
        case .flag, .nothing: render(inner)
        }
    }

    private mutating func render(_ nodes: [TemplateNode], in scope: TemplateValue) {
        scopes.append(scope)
        render(nodes)
        scopes.removeLast()
    }

    private mutating func value(at path: TemplatePath) -> TemplateValue {
        guard let first = path.names.first else { return scopes.last ?? .nothing }
        for scope in scopes.reversed() {
            guard case .object(let members) = scope, var value = members[first] else { continue }
            for name in path.names.dropFirst() {
                guard case .object(let members) = value, let member = members[name] else {
                    if value != .nothing { unknownNames.insert(path.names.joined(separator: ".")) }
                    return .nothing
                }
                value = member
            }
            return value
        }
        unknownNames.insert(path.names.joined(separator: "."))
        return .nothing
    }

    private mutating func escape(_ text: String) {
        guard text.utf8.contains(where: Self.isMarkup) else {
            output.append(contentsOf: text.utf8)
            return
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "<"): output += "&lt;".utf8
            case UInt8(ascii: ">"): output += "&gt;".utf8
            case UInt8(ascii: "&"): output += "&amp;".utf8
            case UInt8(ascii: "\""): output += "&quot;".utf8
            case UInt8(ascii: "'"): output += "&#39;".utf8
            default: output.append(byte)
            }
        }
    }

    private static func isMarkup(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
        default: false
        }
    }
}
