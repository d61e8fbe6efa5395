import Mustache

/// A value as Mustache asks for it: through its protocols, so that nothing is looked up by reflection.
struct MustacheValue: MustacheParent, MustacheSequence, MustacheCustomRenderable {
    /// Names that a template uses and nothing knows: mistakes of ours, looked at by tests.
    final class UnknownNames {
        fileprivate(set) var names: Set<String> = []
    }

    private enum Role { case page, scope, member }

    private let value: TemplateValue
    private let role: Role
    private let unknown: UnknownNames

    /// All values of a page.
    init(page value: TemplateValue, unknown: UnknownNames) {
        self.init(value, .page, unknown)
    }

    private init(_ value: TemplateValue, _ role: Role, _ unknown: UnknownNames) {
        self.value = value
        self.role = role
        self.unknown = unknown
    }

    /// The named value. Where a scope has none Mustache asks the scope around it, the page last.
    func child(named name: String) -> Any? {
        if case .object(let members) = value, let member = members[name] {
            if case .part(let part) = member { return part.template }
            return MustacheValue(member, .member, unknown)
        }
        if role == .page || role == .member && value.isShown { unknown.names.insert(name) }
        return nil
    }

    /// What a section over this value is made for, one after the other; nothing when the value is not shown.
    func makeIterator() -> IndexingIterator<[MustacheValue]> {
        let elements = if case .list(let elements) = value { elements } else { value.isShown ? [value] : [] }
        return elements.map { MustacheValue($0, .scope, unknown) }.makeIterator()
    }

    /// Text as it is, which is then escaped; conditions, lists and groups print nothing.
    var renderText: String { if case .text(let text) = value { text } else { "" } }

    /// Whether a section over this value is left out.
    var isNull: Bool { !value.isShown }
}
