import Foundation
import HTTPWire
import TestSupport
import Testing

/// The request cases of llhttp: the strict outcome, whatever the split.
@Suite struct LLHTTPConformanceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let file: String
        let bytes: [UInt8]
        let isAccepted: Bool
        let messages: Int
        let skipsBodies: Bool
        var testDescription: String { file }
    }

    static let cases: [Case] = {
        guard let folder = Conformance.folder("llhttp"), let rows = try? Conformance.rows("llhttp") else { return [] }
        return rows.compactMap { row in
            guard let file = row["file"], file.hasSuffix(".http"), let ours = row["ours"], !ours.hasPrefix("n/a"),
                let data = try? Data(contentsOf: folder.appending(path: "requests/\(file)"))
            else { return nil }
            let accepts = ["accept", "ignore Upgrade", "answer request 1"].contains { ours.hasPrefix($0) }
            let isConnect = data.starts(with: Data("CONNECT ".utf8))
            // The files lack the CRLF with which their last header section ends.
            let lacksEnd = !accepts || data.suffix(2) == Data([13, 10])
            return Case(
                file: file, bytes: Array(data) + (lacksEnd ? [13, 10] : []), isAccepted: accepts && !isConnect,
                messages: Int(row["messages_complete"] ?? "") ?? 0,
                skipsBodies: row["meta"]?.contains("skipBody") == true)
        }
    }()

    @Test(arguments: cases) func hasTheStrictOutcome(example: Case) {
        let whole = RequestReading([example.bytes], skipsBodies: example.skipsBodies)
        #expect((whole.error == nil) == example.isAccepted, "\(String(describing: whole.error))")
        if example.isAccepted { #expect(whole.messages.count >= min(1, example.messages)) }
    }

    @Test(arguments: cases) func isTheSameForEverySplit(example: Case) {
        let whole = RequestReading([example.bytes], skipsBodies: example.skipsBodies)
        #expect(RequestReading.byBytes(example.bytes, skipsBodies: example.skipsBodies) == whole)
        for split in example.bytes.indices {
            let pieces = [Array(example.bytes[..<split]), Array(example.bytes[split...])]
            #expect(RequestReading(pieces, skipsBodies: example.skipsBodies) == whole, "split at \(split)")
        }
    }

    static let targets: [(String, [UInt8], Bool)] = {
        guard let folder = Conformance.folder("llhttp"), let rows = try? Conformance.rows("llhttp") else { return [] }
        return rows.compactMap { row in
            guard let file = row["file"], file.hasSuffix(".url"), row["outcome"] == "reject",
                let data = try? Data(contentsOf: folder.appending(path: "requests/\(file)"))
            else { return nil }
            return (file, Array(data), false)
        }
    }()

    @Test(arguments: targets) func refusesBrokenTargets(file: String, bytes: [UInt8], isAccepted: Bool) {
        let isRefused =
            RequestReading([Array("GET ".utf8) + bytes + Array(" HTTP/1.1\r\nHost: a\r\n\r\n".utf8)]).error != nil
            || (try? RequestTarget(bytes.span, method: .get)) == nil
        #expect(isRefused != isAccepted)
    }
}
