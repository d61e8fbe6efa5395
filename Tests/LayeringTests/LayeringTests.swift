import Foundation
import Testing

/// Holds the layering: SwiftPM lets transitive imports through, so the sources themselves are read.
@Suite struct LayeringTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL
    static let sources = root.appending(path: "Sources")

    static func swiftFiles(in target: String) throws -> [(path: String, text: String)] {
        let folder = sources.appending(path: target)
        return try FileManager.default.subpathsOfDirectory(atPath: folder.path())
            .filter { $0.hasSuffix(".swift") }
            .map { ("\(target)/\($0)", try String(contentsOf: folder.appending(path: $0), encoding: .utf8)) }
    }

    static func imports(of text: String) -> [String] {
        let pattern =
            /(?m)^(?:@[\w()]+ +)*(?:public |package |internal |private |fileprivate )?import (?:struct |func |enum |class |protocol |typealias |var |let )?(\w+)/
        return text.matches(of: pattern).map { String($0.1) }
    }

    @Test(arguments: ModuleMap.mayImport.keys.sorted()) func importsOnlyWhatTheMapAllows(target: String) throws {
        let row = try #require(ModuleMap.mayImport[target])
        let allowed = row.union(ModuleMap.swiftsOwn).union(row.compactMap { ModuleMap.partOf[$0] })
        let files = try Self.swiftFiles(in: target)
        #expect(!files.isEmpty)
        for (path, text) in files {
            for module in Self.imports(of: text) {
                #expect(allowed.contains(module), "\(path) imports \(module)")
            }
        }
    }

    @Test func everySwiftTargetIsOnTheMap() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.sources.path())
        for target in folders where !target.hasPrefix("C") || target == "Cryptography" || target == "Catalog" {
            guard target != "ReelswarmApp", target != "ClipIndex" else { continue }
            #expect(ModuleMap.mayImport[target] != nil, "\(target) has no row")
        }
    }

    @Test func noOtherHTTPParserIsImportedAnywhere() throws {
        for target in try FileManager.default.contentsOfDirectory(atPath: Self.sources.path()) {
            for (path, text) in try Self.swiftFiles(in: target) {
                #expect(ModuleMap.nowhere.isDisjoint(with: Self.imports(of: text)), "\(path)")
            }
        }
    }

    /// Digests may stop the program when memory is out or a length is wrong: a wrong hash must never pass for a right
    /// one, and nothing from outside decides it.
    @Test func noSourceForcesOrTrapsOnPurpose() throws {
        let banned = try Regex(#"\btry!|\bas! |\bfatalError\(|-Ounchecked"#)
        let digests = ["Cryptography", "TorrentCreation"]
        for target in try FileManager.default.contentsOfDirectory(atPath: Self.sources.path()) {
            for (path, text) in try Self.swiftFiles(in: target) {
                #expect(!text.contains(banned), "\(path)")
                #expect(digests.contains(target) || !text.contains("preconditionFailure("), "\(path)")
            }
        }
    }

    @Test func noFileIsLongerThanTheCeiling() throws {
        for target in try FileManager.default.contentsOfDirectory(atPath: Self.sources.path()) {
            for (path, text) in try Self.swiftFiles(in: target) {
                #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 500, "\(path)")
            }
        }
    }

    @Test func noFolderIsAGrabBag() throws {
        let grabBags: Set<String> = ["utils", "util", "helpers", "helper", "common", "misc"]
        for path in try FileManager.default.subpathsOfDirectory(atPath: Self.sources.path()) {
            let names = path.lowercased().split(separator: "/").map { String($0).replacing(".swift", with: "") }
            #expect(grabBags.isDisjoint(with: names), "\(path)")
        }
    }
}
