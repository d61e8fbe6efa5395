/// Reads the part of Mustache that the site uses: `{{name}}`, `{{a.b}}`, `{{.}}`, sections, inverted sections,
/// partials, comments, and layouts with blocks (`{{<layout}}{{$block}}…{{/block}}{{/layout}}`).
///
/// There is no way to insert a value unescaped: triple braces and `{{&` are mistakes, and so is changing delimiters.
/// Lines that hold only a section, partial or comment tag leave no line behind (Mustache's "standalone" rule).
struct TemplateParser {
    private struct Open {
        enum Kind { case section, inverted, layout, block, root }
        var kind: Kind
        var name: String
        var line: Int
        var nodes: [TemplateNode] = []
    }

    private let template: String
    private let source: [UInt8]
    private var position = 0
    private var line = 1
    private var stack: [Open]

    private init(_ source: String, template: String) {
        self.template = template
        self.source = Array(source.utf8)
        self.stack = [Open(kind: .root, name: "", line: 1)]
    }

    /// The nodes of a template, not yet linked to others.
    static func parse(_ source: String, template: String) throws(TemplateError) -> [TemplateNode] {
        var parser = TemplateParser(source, template: template)
        return try parser.run()
    }

    private mutating func run() throws(TemplateError) -> [TemplateNode] {
        while let tagStart = find("{{", from: position) {
            guard let tagEnd = find("}}", from: tagStart + 2) else { throw mistake("a tag is not closed.") }
            let tag = Array(source[(tagStart + 2)..<tagEnd])
            try take(tag, textFrom: position, tagStart: tagStart, tagEnd: tagEnd + 2)
        }
        append(text: source[position...])
        guard stack.count == 1, let root = stack.popLast() else {
            throw mistake("{{\(stack.last?.name ?? "")}} is opened and never closed.")
        }
        return root.nodes
    }

    private mutating func take(_ tag: [UInt8], textFrom: Int, tagStart: Int, tagEnd: Int) throws(TemplateError) {
        guard let sigil = tag.first else { throw mistake("a tag is empty.") }
        let isStructure = Array("#^/>!<$".utf8).contains(sigil)
        var textEnd = tagStart
        var next = tagEnd
        if isStructure, let lone = standalone(tagStart: tagStart, tagEnd: tagEnd) {
            textEnd = max(lone.lowerBound, textFrom)
            next = lone.upperBound
        }
        append(text: source[textFrom..<textEnd])
        line += source[textFrom..<tagEnd].count { $0 == UInt8(ascii: "\n") }
        let name = String(decoding: isStructure ? tag.dropFirst() : tag[...], as: UTF8.self).trimmed
        try open(sigil, name)
        line += source[tagEnd..<next].count { $0 == UInt8(ascii: "\n") }
        position = next
    }

    private mutating func open(_ sigil: UInt8, _ name: String) throws(TemplateError) {
        switch sigil {
        case UInt8(ascii: "!"): break
        case UInt8(ascii: "#"): push(.section, name)
        case UInt8(ascii: "^"): push(.inverted, name)
        case UInt8(ascii: "<"): push(.layout, name)
        case UInt8(ascii: "$"): push(.block, name)
        case UInt8(ascii: "/"): try close(name)
        case UInt8(ascii: ">"): append(.partial(name))
        case UInt8(ascii: "{"), UInt8(ascii: "&"): throw mistake("values are never inserted unescaped.")
        case UInt8(ascii: "="), UInt8(ascii: "%"): throw mistake("delimiters and content types are never changed.")
        default: append(.variable(try path(name)))
        }
    }

    private mutating func close(_ name: String) throws(TemplateError) {
        guard stack.count > 1, let open = stack.popLast(), open.name == name else {
            throw mistake("{{/\(name)}} closes nothing that is open here.")
        }
        switch open.kind {
        case .section: append(.section(try path(name), open.nodes))
        case .inverted: append(.inverted(try path(name), open.nodes))
        case .block: append(.block(name, open.nodes))
        case .layout: append(.layout(name, blocks(in: open.nodes)))
        case .root: throw mistake("{{/\(name)}} closes nothing.")
        }
    }

    private func blocks(in nodes: [TemplateNode]) -> [String: [TemplateNode]] {
        var blocks: [String: [TemplateNode]] = [:]
        for case .block(let name, let nodes) in nodes { blocks[name] = nodes }
        return blocks
    }

    private mutating func push(_ kind: Open.Kind, _ name: String) {
        stack.append(Open(kind: kind, name: name, line: line))
    }

    private mutating func append(_ node: TemplateNode) {
        stack[stack.count - 1].nodes.append(node)
    }

    private mutating func append(text: ArraySlice<UInt8>) {
        if !text.isEmpty { append(.text(Array(text))) }
    }

    /// The whole line around a tag that stands on it alone, line end included.
    private func standalone(tagStart: Int, tagEnd: Int) -> Range<Int>? {
        let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var start = tagStart
        while start > 0, isBlank(source[start - 1]) { start -= 1 }
        guard start == 0 || source[start - 1] == UInt8(ascii: "\n") else { return nil }
        var end = tagEnd
        while end < source.count, isBlank(source[end]) { end += 1 }
        guard end < source.count else { return start..<end }
        return source[end] == UInt8(ascii: "\n") ? start..<(end + 1) : nil
    }

    private func find(_ mark: String, from start: Int) -> Int? {
        let mark = Array(mark.utf8)
        guard start + mark.count <= source.count else { return nil }
        return (start...(source.count - mark.count)).first { source[$0..<($0 + mark.count)].elementsEqual(mark) }
    }

    private func path(_ text: String) throws(TemplateError) -> TemplatePath {
        guard let path = TemplatePath(text) else { throw mistake("{{\(text)}} is no name.") }
        return path
    }

    private func mistake(_ message: String) -> TemplateError {
        TemplateError(template: template, line: line, message: message)
    }
}

extension String {
    fileprivate var trimmed: String {
        String(decoding: Array(utf8).trimming { $0 == 32 || $0 == 9 || $0 == 10 || $0 == 13 }, as: UTF8.self)
    }
}

extension Array<UInt8> {
    fileprivate func trimming(_ isBlank: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
            return []
        }
        return self[first...last]
    }
}
