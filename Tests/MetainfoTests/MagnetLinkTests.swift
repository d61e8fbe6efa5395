import ByteCoding
import Metainfo
import TestSupport
import Testing

@Suite struct MagnetLinkTests {
    static let hash = "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
    static let v2 = hash + "cdcdcdcdcdcdcdcdcdcdcdcd"

    @Test func readsEveryParameter() throws {
        let link = try MagnetLink(
            "magnet:?xt=urn:btih:\(Self.hash)&xt=urn:btmh:1220\(Self.v2)&dn=A+B%26&tr=http%3A%2F%2Ft%2Fa&tr.1=udp://u"
                + "&ws=http://w/&xs=http://x/&x.pe=127.0.0.1:43&x.pe=[::1]:45&x.pe=name:1&so=0,2,4-6&dht=node.org:7&foo=bar"
        )
        #expect(link.infoHashV1?.hex == Self.hash)
        #expect(link.infoHashV2?.hex == Self.v2)
        #expect(link.wireHash == link.infoHashV1)
        #expect(link.displayName == "A B&")
        #expect(link.trackers == ["http://t/a", "udp://u"])
        #expect(link.webSeeds == ["http://w/"])
        #expect(link.exactSources == ["http://x/"])
        #expect(link.peers.map(\.description) == ["127.0.0.1:43", "[::1]:45"])
        #expect(link.selectedFiles == [0, 2, 4, 5, 6])
        #expect(link.dhtNodes.map(\.description) == ["node.org:7"])
    }

    @Test func formatsWhatItReads() throws {
        var link = MagnetLink(infoHashV1: InfoHash(hex: Self.hash), infoHashV2: InfoHashV2(hex: Self.v2))
        link.displayName = "Größe & mehr"
        link.trackers = ["udp://h:6969/announce", "http://h/announce?a=b&c"]
        link.webSeeds = ["http://h/videos/x/media/"]
        link.exactSources = ["http://h/videos/x.torrent"]
        link.peers = try [#require(Endpoint("1.2.3.4:6881")), #require(Endpoint("[2001:db8::1]:6881"))]
        link.selectedFiles = [0, 2, 3, 4]
        link.dhtNodes = [try #require(NodeAddress("router.example:6881"))]
        let text = link.formatted()
        #expect(try MagnetLink(text) == link)
        #expect(text.hasPrefix("magnet:?xt=urn:btih:\(Self.hash)&xt=urn:btmh:1220\(Self.v2)&dn=Gr%C3%B6%C3%9Fe%20%26"))
        #expect(text.contains("&x.pe=1.2.3.4:6881&x.pe=[2001:db8::1]:6881&"))
        #expect(text.hasSuffix("&so=0,2-4"))
    }

    @Test func readsOnlyBoundedNumbersOfThings() throws {
        let many = (0..<1000).map { "&tr=http://t/\($0)&x.pe=1.2.3.4:\($0 + 1)" }.joined()
        let link = try MagnetLink("magnet:?xt=urn:btih:\(Self.hash)" + many)
        #expect(link.trackers.count == 100 && link.peers.count == 100)
        #expect(throws: MagnetError.tooLong) { try MagnetLink("magnet:?" + String(repeating: "a", count: 70_000)) }
        let files = try MagnetLink("magnet:?xt=urn:btih:\(Self.hash)&so=0-99999999999999999999,0-199999999,7")
        #expect(files.selectedFiles == [7])
    }

    @Test func noTextTraps() {
        let good = Array("magnet:?xt=urn:btih:\(Self.hash)&dn=a%20b&x.pe=[::1]:45&so=0,2-4&tr.0=udp://1&dht=a:1".utf8)
        for length in 0..<good.count { _ = try? MagnetLink(String(decoding: good[..<length], as: UTF8.self)) }
        var random = SplitMix64(seed: 5)
        var accepted = 0
        for _ in 0..<20_000 {
            var bad = good
            for _ in 0..<3 {
                bad[Int.random(in: bad.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let link = try? MagnetLink(String(decoding: bad, as: UTF8.self)) else { continue }
            accepted += 1
            #expect((try? MagnetLink(link.formatted())) == link)
        }
        #expect(accepted > 100)
    }

    @Test func agreesWithTheCasesOfOtherReaders() throws {
        for row in try Conformance.rows("magnet-cases") {
            guard let uri = row["uri"], let want = row["want"] else { continue }
            guard want.hasPrefix("ok") else {
                #expect(throws: MagnetError.self, "\(uri)") { try MagnetLink(uri) }
                continue
            }
            let link = try? MagnetLink(uri)
            #expect(link != nil, "\(uri)")
            guard let link else { continue }
            if let match = want.firstMatch(of: /(?:v1|hash)\W*=\W*([0-9a-f]{40})/) {
                #expect(link.infoHashV1?.hex == String(match.1), "\(uri)")
            }
            if let match = want.firstMatch(of: /v2=([0-9a-f]{64})/) { #expect(link.infoHashV2?.hex == String(match.1)) }
            if let match = want.firstMatch(of: /(\d) trackers/), let count = Int(match.1) {
                #expect(link.trackers.count == count, "\(uri)")
            }
            if let match = want.firstMatch(of: /select-only files: ([0-9,]+|none)/) {
                let wanted = match.1.split(separator: ",").compactMap { Int($0) }
                #expect((link.selectedFiles ?? []) == wanted, "\(uri)")
            }
            if want.contains("name foobar") { #expect(link.displayName == "foobar") }
            if want.contains("2 web seeds") { #expect(link.webSeeds.count == 2) }
            if want.contains("2 dht nodes") { #expect(link.dhtNodes.count == 2) }
            if want.contains("peers 127.0.0.1:43, [::1]:45") { #expect(link.peers.count == 2) }
            if want.contains("hybrid") { #expect(link.infoHashV1 != nil && link.infoHashV2 != nil) }
        }
    }
}
