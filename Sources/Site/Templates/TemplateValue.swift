/// What a template may show: text, a condition, a list or a group of named values.
public enum TemplateValue: Sendable, Equatable {
    /// Text, escaped wherever it is put into a page.
    case text(String)
    /// A condition; prints nothing.
    case flag(Bool)
    /// A section is repeated for each element, which its names are looked up in first.
    case list([TemplateValue])
    /// Named values.
    case object([String: TemplateValue])
    /// A part made by `TemplateLibrary.part`, put in as it is.
    case part(RenderedPart)
    /// Known to be absent.
    case nothing

    /// Text where there is some.
    public static func optional(_ text: String?) -> TemplateValue { text.map(TemplateValue.text) ?? .nothing }

    /// A whole number in plain digits.
    public static func number(_ number: some BinaryInteger) -> TemplateValue { .text(String(number)) }

    /// Whether a section over this value is shown: empty text, empty lists and absence are not.
    var isShown: Bool {
        switch self {
        case .text(let text): !text.isEmpty
        case .flag(let flag): flag
        case .list(let list): !list.isEmpty
        case .object, .part: true
        case .nothing: false
        }
    }
}

extension TemplateValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByDictionaryLiteral,
    ExpressibleByArrayLiteral
{
    /// Text.
    public init(stringLiteral value: String) { self = .text(value) }
    /// A condition.
    public init(booleanLiteral value: Bool) { self = .flag(value) }
    /// A list.
    public init(arrayLiteral elements: TemplateValue...) { self = .list(elements) }
    /// Named values; of two with one name the later one counts.
    public init(dictionaryLiteral elements: (String, TemplateValue)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { $1 }))
    }
}
