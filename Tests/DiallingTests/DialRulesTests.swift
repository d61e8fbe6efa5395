import ByteCoding
import Dialling
import Testing

@Suite struct DialRulesTests {
    static let publicPeer = "93.184.216.34:6881"

    /// Who may be dialled, by the class of the address at which the one who named it was reached (HAZARDS P07).
    static let cases: [(endpoint: String, namedFrom: AddressScope, refusal: DialRefusal?)] = [
        (publicPeer, .public, nil), (publicPeer, .private, nil), (publicPeer, .loopback, nil),
        ("[2606:2800:220:1::1]:6881", .public, nil),
        ("127.0.0.1:6881", .loopback, nil), ("127.0.0.1:6881", .public, .loopbackAddress),
        ("127.0.0.1:6881", .private, .loopbackAddress), ("[::1]:6881", .public, .loopbackAddress),
        ("[::ffff:127.0.0.1]:6881", .public, .loopbackAddress),
        ("10.0.0.1:6881", .private, nil), ("10.0.0.1:6881", .public, .privateAddress),
        ("10.0.0.1:6881", .loopback, .privateAddress), ("192.168.7.7:6881", .public, .privateAddress),
        ("172.16.0.1:6881", .public, .privateAddress), ("100.64.0.1:6881", .public, .privateAddress),
        ("169.254.169.254:6881", .public, .privateAddress), ("[fe80::1]:6881", .public, .privateAddress),
        ("[fd00::1]:6881", .public, .privateAddress),
        ("0.0.0.0:6881", .loopback, .unusableAddress), ("224.0.0.1:6881", .public, .unusableAddress),
        ("[::]:6881", .loopback, .unusableAddress),
        ("127.0.0.1:5432", .public, .loopbackAddress), ("10.0.0.1:22", .private, .privilegedPort),
        ("93.184.216.34:0", .public, .portZero), ("93.184.216.34:1023", .public, .privilegedPort),
        ("93.184.216.34:1024", .public, nil),
    ]

    @Test(arguments: cases) func refusesWhatItMust(
        endpoint: String, namedFrom: AddressScope, refusal: DialRefusal?
    ) throws {
        let endpoint = try #require(Endpoint(endpoint))
        #expect(DialRules.peers.refusal(of: endpoint, namedFrom: namedFrom) == refusal)
    }

    @Test(arguments: ["127.0.0.1:6881", "10.0.0.1:6881", "[::1]:6881", "[fd00::1]:6881"])
    func operatorsMayAllowTheirOwnNetwork(_ text: String) throws {
        let endpoint = try #require(Endpoint(text))
        let rules = DialRules(allowsPrivateAddresses: true, lowestPort: 1024)
        #expect(rules.refusal(of: endpoint, namedFrom: .public) == nil)
    }

    @Test func permissionDoesNotReachUnusableAddressesOrLowPorts() throws {
        let rules = DialRules(allowsPrivateAddresses: true, lowestPort: 1024)
        let nowhere = try #require(Endpoint("0.0.0.0:6881"))
        let database = try #require(Endpoint("127.0.0.1:22"))
        #expect(rules.refusal(of: nowhere, namedFrom: .public) == .unusableAddress)
        #expect(rules.refusal(of: database, namedFrom: .public) == .privilegedPort)
    }

    @Test func trackersMayUseLowPorts() throws {
        let tracker = try #require(Endpoint("93.184.216.34:80"))
        #expect(DialRules.servers.refusal(of: tracker, namedFrom: .public) == nil)
        let zero = try #require(Endpoint("93.184.216.34:0"))
        #expect(DialRules.servers.refusal(of: zero, namedFrom: .public) == .portZero)
    }
}
