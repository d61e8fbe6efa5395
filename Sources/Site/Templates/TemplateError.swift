/// Why the templates cannot be used. Found at boot, never while a page is made.
public struct TemplateError: Error, CustomStringConvertible, Equatable {
    /// The template's name, without `.mustache`.
    public let template: String
    /// The line the mistake stands on, from 1; 0 where it has no line.
    public let line: Int
    /// What is wrong, as a sentence.
    public let message: String

    /// The place and the sentence in one line.
    public var description: String { "Template \(template)\(line > 0 ? ", line \(line)" : ""): \(message)" }
}
