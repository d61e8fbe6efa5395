import Foundation

/// All templates of the site, compiled and checked when it is made.
public struct TemplateLibrary: Sendable {
    private let pages: [TemplateName: [TemplateNode]]
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
        var parsed: [String: [TemplateNode]] = [:]
        for (name, source) in sources { parsed[name] = try TemplateParser.parse(source, template: name) }
        let linker = TemplateLinker(parsed: parsed)
        for name in parsed.keys.sorted() { _ = try linker.link(name) }
        var pages: [TemplateName: [TemplateNode]] = [:]
        for page in TemplateName.allCases { pages[page] = try linker.link(page.rawValue) }
        self.pages = pages
        self.report = report
    }

    /// The page as bytes.
    func render(_ name: TemplateName, _ values: TemplateValue) -> [UInt8] {
        var renderer = TemplateRenderer(values: values)
        renderer.render(pages[name] ?? [])
        if !renderer.unknownNames.isEmpty {
            report("Template \(name.rawValue) names \(renderer.unknownNames.sorted().joined(separator: ", ")).")
        }
        return renderer.output
    }
}
