/// One piece of a compiled template. Partials and layouts are already put in place.
indirect enum TemplateNode: Sendable {
    /// Bytes as they stand in the template.
    case text([UInt8])
    /// A value, escaped.
    case variable(TemplatePath)
    /// Shown when the value is; repeated over a list.
    case section(TemplatePath, [TemplateNode])
    /// Shown when the value is not.
    case inverted(TemplatePath, [TemplateNode])
    /// Another template at this place; only before linking.
    case partial(String)
    /// Another template with some of its blocks replaced; only before linking.
    case layout(String, [String: [TemplateNode]])
    /// A block that a user of this template may replace; only before linking.
    case block(String, [TemplateNode])
}

/// `video.title`, or `.` for the element of a list.
struct TemplatePath: Sendable, Hashable {
    let names: [String]

    /// Nil unless every name is made of letters, digits and underscores.
    init?(_ text: String) {
        guard text != "." else {
            names = []
            return
        }
        let names = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let isName = { (name: String) in
            !name.isEmpty
                && name.utf8.allSatisfy { ("a"..."z" ~= $0.ascii) || ("A"..."Z" ~= $0.ascii) || $0.isDigitOrUnderscore }
        }
        guard names.allSatisfy(isName) else { return nil }
        self.names = names
    }
}

extension UInt8 {
    fileprivate var ascii: Character { Character(Unicode.Scalar(self)) }
    fileprivate var isDigitOrUnderscore: Bool { ("0"..."9" ~= ascii) || self == UInt8(ascii: "_") }
}
