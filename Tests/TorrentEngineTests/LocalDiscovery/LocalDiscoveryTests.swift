import ByteCoding
import Logging
import Metainfo
import Testing

@testable import TorrentEngine

/// BEP 14 over multicast on the loopback interface.
@Suite(.timeLimit(.minutes(1))) struct LocalDiscoveryTests {
    private static let logger = Logger(label: "test")
    private let shared = InfoHash(bytes: [UInt8](repeating: 1, count: 20))!
    private let own = InfoHash(bytes: [UInt8](repeating: 2, count: 20))!

    @Test(arguments: ["127.0.0.1", "::1"]) func twoClientsOfOneMachineFindEachOther(host: String) async throws {
        let interface = try #require(IPAddress(host))
        let address = try #require(IPAddress(interface.isIPv4 ? "239.192.152.143" : "ff15::efc0:988f"))
        // A free port, so that no other client of this machine hears us.
        guard
            let probe = try? await MulticastSocket(
                group: Endpoint(address: address, port: 0), interface: interface, receive: { _, _ in })
        else { return print("skipped: no multicast on \(host)") }
        guard await probe.send([0]) else {
            await probe.close()
            return print("skipped: multicast is not sent on \(host)")
        }
        let settings = LocalDiscoverySettings(groups: [probe.group], interface: interface)
        let (found, find) = AsyncStream.makeStream(of: (UInt16, InfoHash, Endpoint).self)
        let one = LocalDiscovery(
            port: 7_001, settings: settings, found: { find.yield((1, $0, $1)) }, logger: Self.logger)
        let two = LocalDiscovery(
            port: 7_002, settings: settings, found: { find.yield((2, $0, $1)) }, logger: Self.logger)
        one.add(shared)
        one.add(own)
        two.add(shared)
        #expect(await one.start() == 1)
        #expect(await two.start() == 1)
        // Whoever speaks later is heard by the one that has joined before.
        let isHeard = await Self.within(.seconds(10)) {
            for await (who, hash, peer) in found {
                // Each hears the other, never itself, and only of what both have.
                #expect(hash == shared && peer.port == (who == 1 ? 7_002 : 7_001))
                #expect(peer.address.scope != .public)
                return true
            }
            return false
        }
        if isHeard != true { print("skipped: multicast on \(host) reaches nobody") }
        await one.stop()
        await two.stop()
        await probe.close()
    }

    @Test func withoutMulticastNothingIsFoundAndNothingFails() async throws {
        let nowhere = LocalDiscoverySettings(
            groups: [try #require(Endpoint("127.0.0.1:0"))], interface: IPAddress("127.0.0.1"))
        let discovery = LocalDiscovery(port: 7_001, settings: nowhere, found: { _, _ in }, logger: Self.logger)
        discovery.add(shared)
        #expect(await discovery.start() == 0)
        await discovery.stop()
    }

    private static func within<Value: Sendable>(
        _ limit: Duration, _ act: @escaping @Sendable () async -> Value
    ) async -> Value? {
        await withTaskGroup(of: Value?.self) { group in
            group.addTask { await act() }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }
}
