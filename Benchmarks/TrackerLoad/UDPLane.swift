import CLinux
import Glibc
import Metainfo
import TrackerWire

/// One connected socket with its window of outstanding announces.
final class UDPLane {
    let descriptor: CInt
    private let outgoing = DatagramRing(slotLength: 128)
    private let incoming = DatagramRing(slotLength: 2048)
    private var connectionID: UInt64 = 0
    private var connectedAt = -1e9
    private var askedAt = -1e9
    /// Per place of the window: the transaction that holds it, zero when free; its work; when it was sent.
    private var transactions: [UInt32]
    private var works: [Int]
    private var times: [Double]
    private var free: [Int]
    private var generation: UInt32 = 1
    private let hashes: [UInt8]
    private let ids: [UInt8]
    private let population: Population
    /// Peers of a torrent in the numbers of the plan.
    var peers: Int
    private static let connectTransaction = UInt32.max

    init(number: Int, window: Int, peers: Int, _ options: LoadOptions) throws(LoadError) {
        descriptor = try Sockets.datagram(from: "127.0.0.\(2 + number)", to: options.host, options.port)
        population = options.population
        self.peers = peers
        transactions = [UInt32](repeating: 0, count: window)
        works = [Int](repeating: 0, count: window)
        times = [Double](repeating: 0, count: window)
        free = Array(0..<window)
        hashes = (0..<options.population.torrents).flatMap { options.population.hash($0).bytes }
        ids = (0..<peers).flatMap { options.population.peerID($0).bytes }
        var template: [UInt8] = []
        UDPRequest.appendAnnounce(
            options.population.announce(0, 1, numWant: options.numWant), connectionID: 0, transactionID: 0,
            to: &template)
        for index in 0..<DatagramRing.size {
            unsafe outgoing.slot(index).copyBytes(from: template)
            outgoing.setLength(index, template.count)
        }
    }

    deinit { close(descriptor) }

    var isConnected: Bool { connectedAt > 0 }
    var outstanding: Int { transactions.count - free.count }

    /// Asks for a connection id, again after a second without answer, and a new one before the old one ends.
    func keepConnected(_ now: Double) {
        guard now - connectedAt > 50, now - askedAt > 1 else { return }
        askedAt = now
        var packet: [UInt8] = []
        UDPRequest.appendConnect(transactionID: Self.connectTransaction, to: &packet)
        _ = unsafe send(descriptor, packet, packet.count, 0)
    }

    /// Sends a batch as far as the window is open; false when there was nothing to send.
    func sendBatch(_ plan: inout AnnouncePlan, _ now: Double) -> Bool {
        guard isConnected else { return false }
        var count = 0
        while count < DatagramRing.size, count < free.count {
            guard let work = plan.draw() else { break }
            let place = free[free.count - 1 - count]
            generation = generation &+ 1 & 0x7fff
            transactions[place] = (generation | 0x8000) << 16 | UInt32(place)
            works[place] = work
            times[place] = now
            write(work, &plan, transactions[place], to: count)
            count += 1
        }
        guard count > 0 else { return false }
        let sent = outgoing.send(descriptor, count: count)
        for index in sent..<count {
            let place = free[free.count - 1 - index]
            transactions[place] = 0
            plan.giveBack(works[place])
        }
        // The unsent places move up to where the sent ones were.
        free.removeSubrange(free.count - sent..<free.count)
        return sent > 0
    }

    private func write(_ work: Int, _ plan: inout AnnouncePlan, _ transaction: UInt32, to index: Int) {
        let (torrent, peer) = (work / peers, work % peers)
        let packet = unsafe outgoing.slot(index)
        let event: UInt32 = peer < population.peers ? 0 : plan.isLeaving() ? 3 : 2
        unsafe packet.storeBytes(of: connectionID.bigEndian, as: UInt64.self)
        unsafe packet.storeBytes(of: transaction.bigEndian, toByteOffset: 12, as: UInt32.self)
        unsafe hashes.withUnsafeBytes { hashes in
            unsafe UnsafeMutableRawBufferPointer(rebasing: packet[16..<36]).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: hashes[torrent * 20..<torrent * 20 + 20]))
        }
        unsafe ids.withUnsafeBytes { ids in
            unsafe UnsafeMutableRawBufferPointer(rebasing: packet[36..<56]).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: ids[peer * 20..<peer * 20 + 20]))
        }
        let left: UInt64 = peer % 10 == 0 ? 0 : 1 << 20
        unsafe packet.storeBytes(of: left.bigEndian, toByteOffset: 64, as: UInt64.self)
        unsafe packet.storeBytes(of: event.bigEndian, toByteOffset: 80, as: UInt32.self)
        unsafe packet.storeBytes(of: UInt32(truncatingIfNeeded: peer &+ 1).bigEndian, toByteOffset: 88, as: UInt32.self)
        unsafe packet.storeBytes(of: population.port(peer).bigEndian, toByteOffset: 96, as: UInt16.self)
    }

    /// Takes a batch of answers; false when there were none.
    func receiveBatch(_ report: inout LoadReport, _ now: Double) -> Bool {
        let count = incoming.receive(descriptor, flags: CInt(MSG_DONTWAIT))
        guard count > 0 else { return false }
        for index in 0..<count { take(index, &report, now) }
        return true
    }

    private func take(_ index: Int, _ report: inout LoadReport, _ now: Double) {
        let packet = unsafe incoming.slot(index)
        let action = UInt32(bigEndian: unsafe packet.loadUnaligned(as: UInt32.self))
        let transaction = UInt32(bigEndian: unsafe packet.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
        if action == 0, transaction == Self.connectTransaction {
            connectionID = UInt64(bigEndian: unsafe packet.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            connectedAt = now
            return
        }
        let place = Int(transaction & 0xffff)
        guard place < transactions.count, transactions[place] == transaction else {
            report.strange += 1
            return
        }
        transactions[place] = 0
        free.append(place)
        if action == 1 {
            report.answered += 1
            report.peers += (incoming.length(index) - 20) / 6
        } else {
            report.refused += 1
        }
    }

    /// Gives up what has been waiting for a second.
    func sweep(_ plan: inout AnnouncePlan, _ report: inout LoadReport, _ now: Double) {
        for place in transactions.indices where transactions[place] != 0 && now - times[place] > 1 {
            transactions[place] = 0
            free.append(place)
            plan.giveBack(works[place])
            report.lost += 1
        }
    }
}
