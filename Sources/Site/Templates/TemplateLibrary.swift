import Foundation
import Mustache

/// All templates of the site, checked and compiled when it is made.
public struct TemplateLibrary: Sendable {
    private static let contentType = "REELSWARM"

    private let templates: MustacheLibrary
    private let report: @Sendable (String) -> Void

    /// Reads every `.mustache` file of a directory.
    ///
    /// - Parameter report: told when a page names a value that its act did not give; such a name shows nothing.
    /// - Throws: `TemplateError` for a mistake in any of them, or when one that a page needs is missing.
    public init(directory: String, report: @escaping @Sendable (String) -> Void = { _ in }) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: directory)
            .filter { $0.hasSuffix(".mustache") }
        var sources: [String: String] = [:]
        for name in names {
            let url = URL(filePath: directory).appending(path: name)
            sources[String(name.dropLast(".mustache".count))] = try String(contentsOf: url, encoding: .utf8)
        }
        try self.init(sources: sources, report: report)
    }

    /// Compiles templates given by name.
    init(
        sources: [String: String], report: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(TemplateError) {
        try TemplateCheck.check(sources)
        MustacheContentTypes.register(MarkupEscaping(), named: Self.contentType)
        var templates = MustacheLibrary()
        for (name, source) in sources.sorted(by: { $0.key < $1.key }) {
            templates.register(try Self.compile(source, name), named: name)
        }
        self.templates = templates
        self.report = report
    }

    /// The page as bytes.
    func render(_ name: TemplateName, _ values: TemplateValue) -> [UInt8] {
        let unknown = MustacheValue.UnknownNames()
        let page = templates.render(MustacheValue(page: values, unknown: unknown), withTemplate: name.rawValue)
        if !unknown.names.isEmpty {
            report("Template \(name.rawValue) names \(unknown.names.sorted().joined(separator: ", ")).")
        }
        return Array((page ?? "").utf8)
    }

    /// A part of pages, to be kept and put into many of them.
    func part(_ name: TemplateName, _ values: TemplateValue) -> TemplateValue {
        let markup = String(decoding: render(name, values), as: UTF8.self)
        return (try? RenderedPart(markup: markup)).map(TemplateValue.part) ?? .nothing
    }

    /// Every template states its content type in a line of its own: Mustache falls back to its own escaping wherever
    /// one template uses another.
    private static func compile(_ source: String, _ name: String) throws(TemplateError) -> MustacheTemplate {
        do {
            return try MustacheTemplate(string: "{{% CONTENT_TYPE:\(contentType)}}\n\(source)")
        } catch let error as MustacheTemplate.ParserError {
            let line = max(error.context.lineNumber - 1, 1)
            throw TemplateError(template: name, line: line, message: "\(error.error).")
        } catch {
            throw TemplateError(template: name, line: 0, message: "\(error).")
        }
    }
}
