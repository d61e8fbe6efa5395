import ByteCoding
import Dialling
import Logging
import NIOCore
import NIOPosix
import Testing

@Suite(.timeLimit(.minutes(1))) struct DiallerTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.any()

    private func dialler(_ rules: DialRules) -> Dialler { Dialler(rules: rules, logger: Logger(label: "test")) }

    private func listener() async throws -> (any Channel, Endpoint) {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        return (server, try #require(server.localAddress?.endpoint))
    }

    @Test func connectsToAnAllowedAddress() async throws {
        let (server, endpoint) = try await listener()
        let channel = try await dialler(.peers).connect(to: endpoint, namedFrom: .loopback, on: loop) {
            $0.eventLoop.makeSucceededVoidFuture()
        }.get()
        #expect(channel.remoteAddress?.endpoint == endpoint)
        try await channel.close()
        try await server.close()
    }

    @Test func aForbiddenAddressIsRefusedWithoutAConnection() async throws {
        let (server, endpoint) = try await listener()
        await #expect(throws: DialError.refused(.loopbackAddress)) {
            try await dialler(.peers).connect(to: endpoint, namedFrom: .public, on: loop) { channel in
                Issue.record("a channel was made")
                return channel.eventLoop.makeSucceededVoidFuture()
            }.get()
        }
        try await server.close()
    }

    @Test func aClosedPortIsAnError() async throws {
        let (server, endpoint) = try await listener()
        try await server.close()
        await #expect(throws: (any Error).self) {
            try await dialler(.peers).connect(to: endpoint, namedFrom: .loopback, on: loop) {
                $0.eventLoop.makeSucceededVoidFuture()
            }.get()
        }
    }

    @Test func namesAreResolvedAndEachAddressIsChecked() async throws {
        let dialler = dialler(.servers)
        let local = try await dialler.endpoints(host: "localhost", port: 8_080, namedFrom: .loopback)
        #expect(!local.isEmpty && local.allSatisfy { $0.address.scope == .loopback && $0.port == 8_080 })
        await #expect(throws: DialError.refused(.loopbackAddress)) {
            try await dialler.endpoints(host: "localhost", port: 8_080, namedFrom: .public)
        }
    }

    /// HAZARDS S16: every way of writing an inner address ends in a refusal or is no name.
    @Test(arguments: [
        "127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "fe80::1", "fc00::1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1",
    ]) func innerAddressesAreRefusedHoweverTheyAreWritten(_ host: String) async throws {
        await #expect(throws: DialError.self) {
            try await dialler(.servers).endpoints(host: host, port: 80, namedFrom: .public)
        }
    }

    @Test(arguments: ["", "a\0b", String(repeating: "a", count: 254)]) func badNamesAreNotLookedUp(_ name: String) async
    {
        await #expect(throws: DialError.unresolved(name: name, message: "not a host name")) {
            try await dialler(.servers).endpoints(host: name, port: 80, namedFrom: .public)
        }
    }

    @Test func literalsNeedNoResolver() async throws {
        let found = try await dialler(.servers).endpoints(host: "93.184.216.34", port: 80, namedFrom: .public)
        #expect(found.map(\.description) == ["93.184.216.34:80"])
    }

    @Test func thisMachineHasALoopbackAddress() {
        #expect(LocalAddresses.current().contains { $0.scope == .loopback })
    }

    @Test(arguments: ["127.0.0.1:80", "[2001:4860::1]:6881", "1.2.3.4:0"]) func addressesSurviveTheSocketLayer(
        _ text: String
    ) throws {
        let endpoint = try #require(Endpoint(text))
        #expect(try SocketAddress(endpoint).endpoint == endpoint)
    }
}
