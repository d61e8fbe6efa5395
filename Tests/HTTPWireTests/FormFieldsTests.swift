import Foundation
import HTTPWire
import TestSupport
import Testing

@Suite struct FormFieldsTests {
    struct Case: Decodable, Sendable {
        let input: String
        let output: [[String]]
    }

    static let cases: [Case] = {
        guard let folder = Conformance.folder("urlencoded-wpt"),
            let data = try? Data(contentsOf: folder.appending(path: "urlencoded-parser-data.json"))
        else { return [] }
        return (try? JSONDecoder().decode([Case].self, from: data)) ?? []
    }()

    @Test(arguments: cases) func agreesWithBrowsers(example: Case) {
        let fields = FormFields(decoding: Array(example.input.utf8))
        let bytes = fields.pairs.map { [Array($0.name.utf8), Array($0.value.utf8)] }
        #expect(bytes == example.output.map { $0.map { Array($0.utf8) } })
    }

    /// H23: names are flat, and their number is bounded.
    @Test func isFlatAndBounded() throws {
        let deep = "a" + String(repeating: "[_0]", count: 1100) + "=b"
        #expect(FormFields(decoding: Array(deep.utf8)).fields.count == 1)
        let many = Array([String](repeating: "a=b", count: 1001).joined(separator: "&").utf8)
        #expect(throws: FormError.tooManyFields) { try FormFields(decoding: many, limit: 1000) }
        #expect(try FormFields(decoding: many, limit: 1001).all("a").count == 1001)
    }
}
