import ByteCoding
import Logging
import NIOCore
import NIOPosix
import Testing
@testable import WebServer

@Suite(.timeLimit(.minutes(1))) struct ListeningTests {
    static func server(_ hosts: [String], port: Int = 0) -> HTTPServer {
        HTTPServer(
            configuration: HTTPServerConfiguration(hosts: hosts, port: port), router: LiveServer.router(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, threads: ServerThreads(count: 1))
    }

    @Test func sharesOnePortAmongItsHosts() async throws {
        let server = Self.server(["127.0.0.1", "127.0.0.2"])
        let port = try await server.start()
        #expect(port > 0 && server.port == port)
        #expect(try await server.start() == port)
        await server.shutdown()
    }

    @Test func saysThatAnAddressIsInUse() async throws {
        let first = Self.server(["127.0.0.1"])
        let port = try await first.start()
        let second = Self.server(["127.0.0.2", "127.0.0.1"], port: port)
        await #expect { try await second.start() } throws: { error in
            (error as? ListenError)?.isAddressInUse == true && "\(error)" == "127.0.0.1 port \(port): address in use"
        }
        // What was bound before the failure is free again.
        let third = Self.server(["127.0.0.2"], port: port)
        #expect(try await third.start() == port)
        for server in [first, second, third] { await server.shutdown() }
    }

    /// 64 connections per address, of which loopback and trusted proxies know nothing.
    @Test func countsConnectionsPerAddress() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton
        let registry = ConnectionRegistry(
            limits: ServerLimits(), exempt: [try #require(CIDR("9.9.9.0/24"))], name: "test")
        let channel = try await ServerBootstrap(group: loop).bind(host: "127.0.0.1", port: 0).get()
        for (text, isLimited) in [("8.8.8.8", true), ("2001:4860::1", true), ("127.0.0.1", false), ("9.9.9.9", false)] {
            let address = try #require(IPAddress(text))
            for _ in 0..<64 { #expect(registry.admit(channel, from: address)) }
            #expect(registry.admit(channel, from: address) != isLimited)
        }
        let address = try #require(IPAddress("8.8.8.8"))
        registry.remove(channel, from: address)
        #expect(registry.admit(channel, from: address))
        try await channel.close()
    }
}
