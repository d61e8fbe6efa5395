import Mustache

/// A part of a page that was made from a template some time before, and that goes into pages as it is: what many pages
/// show alike is put together once.
///
/// Only `TemplateLibrary` makes one, so everything in it has gone through a template, with all values escaped.
public struct RenderedPart: Sendable, Equatable {
    /// The markup.
    let markup: String
    /// The markup as a template without tags: Mustache inserts those unescaped.
    let template: MustacheTemplate

    /// - Throws: never for the markup of a template, which has no tag left.
    init(markup: String) throws {
        // Two braces that came from a value would begin a tag.
        self.markup = markup.replacing("{{", with: "&#123;&#123;")
        template = try MustacheTemplate(string: self.markup)
    }

    /// The same markup is the same part.
    public static func == (one: RenderedPart, other: RenderedPart) -> Bool { one.markup == other.markup }
}
