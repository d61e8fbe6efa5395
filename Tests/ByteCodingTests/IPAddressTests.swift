import ByteCoding
import Testing

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("0.0.0.0", "0.0.0.0"), ("127.0.0.1", "127.0.0.1"), ("255.255.255.255", "255.255.255.255"), ("::", "::"),
        ("::1", "::1"), ("1::", "1::"), ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("0:0:0:0:0:0:0:1", "::1"), ("fe80::1:2", "fe80::1:2"),
        ("::ffff:1.2.3.4", "1.2.3.4"), ("::ffff:102:304", "1.2.3.4"), ("64:ff9b::1.2.3.4", "64:ff9b::102:304"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
        ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
    ])
    func readsAndWritesLiterals(text: String, canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == canonical)
        #expect(IPAddress(canonical) == address)
        #expect(IPAddress(bytes: address.bytes) == address)
        #expect(address.bytes.count == address.byteCount)
    }

    /// Hazard S16: what only some resolvers read as an address is no address here.
    @Test(arguments: [
        "", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.", "01.2.3.4",
        "1.2.3.4 ", "+1.2.3.4", "localhost", ":", ":::", "1:::2", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::", "12345::", "g::", "::1%eth0", "[::1]", "::1.2.3", "1.2.3.4::", "１.2.3.4",
        "::ffff:1.2.3.400",
        "1:2:3:4:5:6:7:1.2.3.4", "99999999999.1.1.1", ":1::", "::1:",
    ])
    func refusesOtherTexts(text: String) { #expect(IPAddress(text) == nil) }

    @Test func hasFourOrSixteenBytes() {
        for count in 0..<20 where count != 4 && count != 16 {
            #expect(IPAddress(bytes: [UInt8](repeating: 1, count: count)) == nil)
        }
    }

    @Test(
        arguments: [
            (
                ["127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"],
                .loopback
            ),
            (
                [
                    "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
                    "100.127.255.255", "fe80::1", "febf::1", "fc00::1", "fdff::1", "::ffff:10.1.2.3", "64:ff9b:1::1",
                    "fec0::1", "2002:a00:1::1",
                ], .private
            ),
            (
                [
                    "8.8.8.8", "172.32.0.1", "172.15.0.1", "100.128.0.1", "100.63.255.255", "192.0.1.1", "2606:4700::1",
                    "2001:4860:4860::8888", "64:ff9b::8.8.8.8", "2002:808:808::1", "223.255.255.255",
                ], .public
            ),
            (
                [
                    "0.0.0.0", "0.1.2.3", "224.0.0.1", "239.192.152.143", "255.255.255.255", "240.0.0.1", "192.0.2.1",
                    "198.51.100.1", "203.0.113.1", "198.18.0.1", "192.0.0.1", "::", "::2", "ff02::1", "2001:db8::1",
                    "2001::1", "2001:1ff::1", "3fff::1", "100::1", "4000::1", "::1.2.3.4",
                ], .unusable
            ),
        ] as [([String], AddressScope)])
    func knowsHowFarAnAddressReaches(addresses: [String], scope: AddressScope) {
        for text in addresses { #expect(IPAddress(text)?.scope == scope, "\(text)") }
    }

    @Test func ordersByFamilyThenBytes() throws {
        let sorted = try ["1.2.3.4", "200.0.0.1", "::1", "2001::", "fe80::"].map { try #require(IPAddress($0)) }
        #expect(sorted.reversed().sorted() == sorted)
    }

    @Test func storesItsBytes() throws {
        let address = try #require(IPAddress("2001:db8::1"))
        var bytes = [UInt8](repeating: 0, count: 18)
        var span = bytes.mutableSpan
        var raw = span.mutableBytes
        let fits = address.store(into: &raw, at: 2)
        let tooFar = address.store(into: &raw, at: 3)
        #expect(fits && !tooFar)
        #expect(Array(bytes.dropFirst(2)) == address.bytes)
    }
}

@Suite struct EndpointTests {
    @Test(arguments: ["1.2.3.4:80", "[::1]:6881", "[2001:db8::1]:65535", "0.0.0.0:0"])
    func readsWritesAndPacks(text: String) throws {
        let endpoint = try #require(Endpoint(text))
        #expect(endpoint.description == text)
        #expect(Endpoint(compact: endpoint.compact) == endpoint)
        #expect(endpoint.compact.count == (endpoint.address.isIPv4 ? 6 : 18))
    }

    @Test(arguments: [
        "", ":", "1.2.3.4", "1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:-1", "1.2.3.4:080", "[1.2.3.4]:80", "::1:80", "[::1]",
        "[::1:80", "localhost:80", "1.2.3.4:80 ", "<invalid2>:100", "1.2.3.4:99999999999999999999",
    ])
    func refusesOtherTexts(text: String) { #expect(Endpoint(text) == nil) }

    @Test func readsCompactListsOfAnyLength() {
        let two: [UInt8] = [1, 2, 3, 4, 0, 80, 5, 6, 7, 8, 1, 0, 9]
        #expect(
            Endpoint.list(compact: two, isIPv4: true, limit: 9).map(\.description) == ["1.2.3.4:80", "5.6.7.8:256"])
        #expect(Endpoint.list(compact: two, isIPv4: true, limit: 1).count == 1)
        #expect(Endpoint.list(compact: two, isIPv4: false, limit: 9).isEmpty)
        #expect(Endpoint.list(compact: two, isIPv4: true, limit: -1).isEmpty)
    }
}

@Suite struct CIDRTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.255.255", "11.0.0.0"), ("10.1.2.3/8", "10.0.0.0", "9.255.255.255"),
        ("192.168.1.7", "192.168.1.7", "192.168.1.8"), ("192.0.2.128/25", "192.0.2.255", "192.0.2.127"),
        ("fd00::/8", "fdff::1", "fe00::1"), ("2001:db8::/65", "2001:db8::7fff:0:0:1", "2001:db8::8000:0:0:1"),
        ("0.0.0.0/0", "255.1.1.1", "::1"), ("::/0", "ffff::", "1.2.3.4"), ("::1/128", "::1", "::2"),
    ])
    func containsWhatSharesItsPrefix(block: String, inside: String, outside: String) throws {
        let block = try #require(CIDR(block))
        #expect(block.contains(try #require(IPAddress(inside))))
        #expect(!block.contains(try #require(IPAddress(outside))))
        #expect(CIDR(block.description) == block)
    }

    @Test(arguments: ["", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/8/8", "10/8", "a/8"])
    func refusesOtherTexts(text: String) { #expect(CIDR(text) == nil) }
}
