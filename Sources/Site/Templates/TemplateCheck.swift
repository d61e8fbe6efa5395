/// What the site allows in a template, looked at before Mustache compiles it: names, sections, partials, comments, and
/// layouts with blocks.
///
/// Every other tag is a mistake: triple braces and `{{&`, which insert unescaped, other delimiters and content types,
/// which would get around that rule, transforms, and partials named by a value, which cannot be found at boot. So are
/// templates that are not there or that contain themselves, which would never end.
struct TemplateCheck {
    /// What each template, and each block written `$name`, contains.
    private var uses: [String: Set<String>] = [:]

    /// Checks templates given by name.
    static func check(_ sources: [String: String]) throws(TemplateError) {
        for page in TemplateName.allCases where sources[page.rawValue] == nil {
            throw TemplateError(template: page.rawValue, line: 0, message: "this template is missing.")
        }
        var check = TemplateCheck()
        let names = sources.keys.sorted()
        for name in names { try check.read(sources[name] ?? "", template: name, known: Set(names)) }
        for name in names { try check.follow(name, path: []) }
    }

    private mutating func read(_ source: String, template: String, known: Set<String>) throws(TemplateError) {
        let tag = /\{\{(?:![\s\S]*?\}\}|(?<sigil>[#^\/$<>]?)\s*(?<name>\.|\w+(?:\.\w+)*)\s*\}\}|(?<mistake>))/
            .asciiOnlyWordCharacters().matchingSemantics(.unicodeScalar)
        var open = [template]
        for match in source.matches(of: tag) {
            let line = 1 + source[..<match.range.lowerBound].utf8.count { $0 == UInt8(ascii: "\n") }
            guard match.mistake == nil else {
                throw TemplateError(template: template, line: line, message: "this tag is not allowed or not closed.")
            }
            guard let sigil = match.sigil, let name = match.name.map(String.init) else { continue }
            let user = open.last ?? template
            switch sigil {
            case "#", "^": open.append(user)
            case "$":
                uses[user, default: []].insert("$" + name)
                open.append("$" + name)
            case "<", ">":
                guard known.contains(name) else {
                    throw TemplateError(template: template, line: line, message: "there is no template \"\(name)\".")
                }
                uses[user, default: []].insert(name)
                if sigil == "<" { open.append(user) }
            case "/": _ = open.popLast()
            default: break
            }
        }
    }

    private func follow(_ name: String, path: [String]) throws(TemplateError) {
        guard !path.contains(name) else {
            let circle = (path + [name]).joined(separator: ", ")
            throw TemplateError(template: path.first ?? name, line: 0, message: "it contains itself: \(circle).")
        }
        for used in uses[name, default: []].sorted() { try follow(used, path: path + [name]) }
    }
}
