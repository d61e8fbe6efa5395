/// A value that breaks one of the catalogue's rules, said in one sentence that may be shown to its author.
public struct CatalogError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The form field or JSON member the value came from, such as `title`.
    public let field: String
    /// One sentence in plain words, without the offending value.
    public let sentence: String

    /// Makes an error about one field.
    public init(field: String, sentence: String) {
        self.field = field
        self.sentence = sentence
    }

    /// The sentence.
    public var description: String { sentence }
}
