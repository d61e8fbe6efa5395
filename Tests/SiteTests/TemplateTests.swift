import Foundation
import Synchronization
import Testing

@testable import Site

@Suite struct TemplateTests {
    /// One template under the name of a page, with others beside it.
    private func render(
        _ source: String, _ values: TemplateValue, others: [String: String] = [:]
    ) throws -> String {
        let library = try self.library(source, others: others)
        return String(decoding: library.render(.error, values), as: UTF8.self)
    }

    private func library(_ source: String, others: [String: String] = [:]) throws -> TemplateLibrary {
        var sources = Dictionary(uniqueKeysWithValues: TemplateName.allCases.map { ($0.rawValue, "") })
        sources.merge(others) { $1 }
        sources[TemplateName.error.rawValue] = source
        return try TemplateLibrary(sources: sources)
    }

    @Test(arguments: [
        ("a {{name}} b", "a &lt;b&gt;&amp;&quot;&#39; b"), ("{{#list}}[{{.}}]{{/list}}", "[1][2]"),
        ("{{^empty}}none{{/empty}}{{#empty}}some{{/empty}}", "none"), ("{{deep.er.est}}", "down"),
        ("{{#deep}}{{er.est}}{{name}}{{/deep}}", "down&lt;b&gt;&amp;&quot;&#39;"),
        ("{{#yes}}y{{/yes}}{{^yes}}n{{/yes}}", "y"),
        ("a\n  {{#yes}}\nb\n  {{/yes}}\nc", "a\nb\nc"), ("{{! nothing }}x", "x"), ("{{gone}}|", "|"),
        ("{{ name }}", "&lt;b&gt;&amp;&quot;&#39;"), ("{{#objects}}{{n}},{{/objects}}", "1,2,"),
    ])
    func renders(_ source: String, _ expected: String) throws {
        let values: TemplateValue = [
            "name": "<b>&\"'", "list": ["1", "2"], "empty": [], "deep": ["er": ["est": "down"]], "yes": true,
            "gone": .nothing, "objects": [["n": "1"], ["n": "2"]],
        ]
        #expect(try render(source, values) == expected)
    }

    /// A quote and a combining mark are one Character: escaping by Characters would let the quote through.
    @Test func escapesWhatACombiningMarkFollows() throws {
        let text = "\"\u{301} onfocus=alert(1) <\u{301}"
        #expect(try render("{{t}}", ["t": .text(text)]) == "&quot;\u{301} onfocus=alert(1) &lt;\u{301}")
    }

    /// Mustache goes back to its own escaping at every template inside another: each of these has to hold ours.
    @Test(arguments: [
        "<a b=\"{{t}}\">", "{{> part}}", "{{#list}}{{> part}}{{/list}}", "{{<frame}}{{/frame}}",
        "{{<frame}}{{$main}}<a b=\"{{t}}\">{{/main}}{{/frame}}", "{{<frame}}{{$main}}{{> part}}{{/main}}{{/frame}}",
        "{{<middle}}{{$inner}}<a b=\"{{t}}\">{{/inner}}{{/middle}}", "{{> part2}}",
        "{{#list}}<a b=\"{{.}}\">{{/list}}",
    ])
    func escapesInEveryPlace(_ source: String) throws {
        let others = [
            "part": "<a b=\"{{t}}\">", "part2": "{{> empty}}{{> part}}", "empty": "",
            "frame": "{{> empty}}{{$main}}<a b=\"{{t}}\">{{/main}}",
            "middle": "{{<frame}}{{$main}}{{$inner}}{{/inner}}{{/main}}{{/frame}}",
        ]
        let text = "&<>\"'\"\u{301}'\u{301}&\u{301}<\u{338}>\u{338}\"\u{200D}\r\n"
        let escaped =
            "&amp;&lt;&gt;&quot;&#39;&quot;\u{301}&#39;\u{301}&amp;\u{301}&lt;\u{338}&gt;\u{338}&quot;\u{200D}\r\n"
        let rendered = try render(source, ["t": .text(text), "list": [.text(text)]], others: others)
        // By bytes: what is equal as Characters need not be.
        #expect(Array(rendered.utf8) == Array("<a b=\"\(escaped)\">".utf8))
    }

    @Test func reportsNamesThatNothingGives() throws {
        let reports = Mutex<[String]>([])
        var sources = Dictionary(uniqueKeysWithValues: TemplateName.allCases.map { ($0.rawValue, "") })
        sources["error"] =
            "{{a.b}}{{a.wrong}}{{gone.any}}{{absent}}{{#a}}{{top}}{{#list}}{{b}}{{lost}}{{/list}}{{/a}}"
            + "{{^no}}{{top}}{{/no}}"
        let library = try TemplateLibrary(sources: sources) { report in reports.withLock { $0.append(report) } }
        let values: TemplateValue = ["a": ["b": "1", "list": ["x"]], "gone": .nothing, "top": "2", "no": []]
        #expect(String(decoding: library.render(.error, values), as: UTF8.self) == "1212")
        #expect(reports.withLock { $0 } == ["Template error names absent, lost, wrong."])
    }

    /// A value known to be absent hides one of the same name around it.
    @Test func absenceIsAValue() throws {
        let values: TemplateValue = ["x": "outer", "inner": ["x": .nothing], "text": ["x": ""]]
        #expect(try render("{{#inner}}{{x}}{{#x}}a{{/x}}{{^x}}b{{/x}}{{/inner}}", values) == "b")
        #expect(try render("{{#text}}{{x}}{{#x}}a{{/x}}{{^x}}b{{/x}}{{/text}}", values) == "b")
    }

    @Test func valuesAreNeverTemplates() throws {
        #expect(try render("{{t}}", ["t": "{{7*7}}{{{x}}}"]) == "{{7*7}}{{{x}}}")
    }

    /// What was made from a template before goes in as it is, and only what its own values had is escaped.
    @Test func partsGoInAsTheyAre() throws {
        let library = try library("[{{part}}]")
        let maker = try self.library("<b>{{t}}</b>")
        let part = maker.part(.error, ["t": "<i>{{name}} {{{name}}} {"])
        let page = String(decoding: library.render(.error, ["part": part, "name": "no"]), as: UTF8.self)
        #expect(
            page == "[<b>&lt;i&gt;&#123;&#123;name}} &#123;&#123;{name}}} {</b>]")
    }

    @Test func putsPartialsAndLayoutsInPlace() throws {
        let others = [
            "frame": "<{{$title}}none{{/title}}>{{$main}}{{/main}}</>", "part": "({{x}})",
            "middle": "{{<frame}}{{$title}}T{{/title}}{{$main}}[{{$inner}}{{/inner}}]{{/main}}{{/frame}}",
        ]
        let values: TemplateValue = ["x": "1"]
        #expect(
            try render("{{<frame}}{{$main}}{{> part}}{{/main}}{{/frame}}", values, others: others) == "<none>(1)</>")
        #expect(try render("{{<middle}}{{$inner}}{{x}}{{/inner}}{{/middle}}", values, others: others) == "<T>[1]</>")
    }

    @Test(arguments: [
        "{{{name}}}", "{{&name}}", "{{=<% %>=}}", "{{% CONTENT_TYPE:TEXT}}", "{{#open}}", "{{/close}}", "{{#a}}{{/b}}",
        "{{name", "{{}}", "{{a..b}}", "{{a b}}", "{{> missing}}", "{{<missing}}{{/missing}}", "{{> loop}}", "{{na-me}}",
        "{{ {name} }}", "{{!{{{name}}}}}{{{name}}}", "{{! open", "{{> *name}}", "{{<*name}}{{/*name}}",
        "{{uppercased(name)}}", "{{first()}}", "{{\u{301}&name}}", "{{n\u{301}}}",
        "{{$main}}{{$main}}{{/main}}{{/main}}", "{{<frame}}{{$main}}{{> frame}}{{/main}}{{/frame}}",
        "{{<frame}}{{$main}}{{<frame}}{{/frame}}{{/main}}{{/frame}}", "{{<frame}}{{name}}{{/frame}}",
    ])
    func refusesAtBoot(_ source: String) {
        let others = ["loop": "{{> loop}}", "frame": "{{$main}}{{/main}}"]
        #expect(throws: TemplateError.self) { try library(source, others: others) }
    }

    @Test func saysWhereAMistakeIs() {
        let message = "this tag is not allowed or not closed."
        #expect(throws: TemplateError(template: "error", line: 3, message: message)) { try library("a\nb\n {{{c}}}") }
        let mistake = #expect(throws: TemplateError.self) { try library("a\nb\n{{/c}}\nd") }
        #expect(mistake?.template == "error")
        #expect(mistake?.line == 3)
    }

    @Test func refusesToStartWithoutAPage() {
        #expect(throws: TemplateError.self) { try TemplateLibrary(sources: ["error": ""]) }
    }

    @Test func theSitesOwnTemplatesCompile() throws {
        _ = try TemplateLibrary(directory: SiteUnderTest.root.appending(path: "Templates").path())
    }

    /// Nothing in pages that the content security policy would refuse.
    @Test func theSitesOwnTemplatesHaveNoInlineScriptOrStyle() throws {
        let folder = SiteUnderTest.root.appending(path: "Templates")
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            let text = try String(contentsOf: file, encoding: .utf8)
            #expect(text.firstMatch(of: /<script(?![^>]*\ssrc=)/) == nil, "\(file.lastPathComponent)")
            #expect(text.firstMatch(of: /<style|\sstyle=|\son[a-z]+=|javascript:/) == nil, "\(file.lastPathComponent)")
        }
    }
}
