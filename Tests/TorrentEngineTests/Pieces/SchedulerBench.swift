import Metainfo
import PeerWire
import Testing

@testable import TorrentEngine

/// A scheduler with virtual time, and the rules of the wire checked on all it gives out.
struct SchedulerBench {
    static let blockLength = UInt32(PieceScheduler.blockLength)

    var scheduler: PieceScheduler
    var now = ContinuousClock.now
    /// Requests given out and not answered, cancelled or rejected.
    var open: [PeerNumber: [BlockRequest]] = [:]
    var spans: [PeerNumber: Range<Int64>] = [:]
    var interest: [PeerNumber: Bool] = [:]
    var snubbing: [PeerNumber: Bool] = [:]
    /// The commands of the last `drain`.
    var commands: [SchedulerCommand] = []

    /// - Parameter blocks: Blocks of each piece.
    init(
        pieces: Int, blocks: Int = 4, tail: Int = 0, have: Bitfield? = nil, wanted: WantedBytes = .everything,
        limits: SchedulerLimits = .init(), seed: UInt64 = 1
    ) throws {
        let pieceLength = blocks * PieceScheduler.blockLength
        let layout = try PieceLayout(
            totalLength: Int64(pieces) * Int64(pieceLength) + Int64(tail), pieceLength: pieceLength)
        scheduler = PieceScheduler(
            layout: layout, have: have ?? Bitfield(count: layout.pieceCount), wanted: wanted, limits: limits,
            seed: seed)
    }

    static func peer(_ number: Int) -> PeerNumber { PeerNumber(rawValue: UInt64(number)) }
    static func piece(_ number: Int) -> PieceIndex { PieceIndex(UInt32(number)) }

    // MARK: Peers

    /// A peer that has these pieces (nil: all) and does not choke us.
    mutating func add(_ number: Int, pieces: [Int]? = nil, isFast: Bool = true, isUnchoked: Bool = true) {
        let peer = Self.peer(number)
        scheduler.join(peer, isFast: isFast, now: now)
        var owned = Bitfield(count: scheduler.layout.pieceCount)
        for piece in pieces ?? Array(0..<scheduler.layout.pieceCount) { owned[piece] = true }
        scheduler.owns(peer, owned)
        if isUnchoked { scheduler.unchoked(peer, now: now) }
    }

    mutating func remove(_ number: Int) {
        scheduler.leave(Self.peer(number), now: now)
        open[Self.peer(number)] = nil
        spans[Self.peer(number)] = nil
        interest[Self.peer(number)] = nil
    }

    mutating func choke(_ number: Int) {
        let peer = Self.peer(number)
        scheduler.choked(peer, now: now)
        spans[peer] = nil
        if let place = scheduler.findPlace(of: peer), !scheduler.peers[place].isFast { open[peer] = nil }
    }

    // MARK: Time and commands

    /// Lets time pass, with a tick each second.
    mutating func pass(seconds: Int) {
        for _ in 0..<seconds {
            now += .seconds(1)
            scheduler.tick(now: now)
            drain()
        }
    }

    mutating func drain(at location: SourceLocation = #_sourceLocation) {
        commands.removeAll()
        scheduler.drain(into: &commands)
        for command in commands { note(command, at: location) }
        SchedulerInvariants.check(scheduler, at: location)
    }

    private mutating func note(_ command: SchedulerCommand, at location: SourceLocation) {
        switch command {
        case .request(let peer, let request): note(request, of: peer, at: location)
        case .cancel(let peer, let request):
            // A request that ran out has been forgotten here and may still be cancelled.
            open[peer]?.removeAll { $0 == request }
        case .interest(let peer, let isOn):
            #expect(interest[peer] ?? false != isOn, "interest changes", sourceLocation: location)
            interest[peer] = isOn
        case .fetchSpan(let peer, let span):
            #expect(spans[peer] == nil, "one span at a time", sourceLocation: location)
            spans[peer] = span
        case .cancelSpan(let peer): spans[peer] = nil
        case .snubbed(let peer, let isOn): snubbing[peer] = isOn
        }
    }

    private mutating func note(_ request: BlockRequest, of peer: PeerNumber, at location: SourceLocation) {
        let piece = Int(request.piece.rawValue)
        let block = scheduler.layout.block(
            piece: request.piece.rawValue, begin: request.begin, length: request.length, limit: 16 << 10)
        #expect(block != nil, "a block of the torrent", sourceLocation: location)
        #expect(!scheduler.have[piece] && scheduler.missing[piece], "a wanted piece", sourceLocation: location)
        #expect(open[peer]?.contains(request) != true, "asked once", sourceLocation: location)
        guard let place = scheduler.findPlace(of: peer) else {
            Issue.record("asked of nobody", sourceLocation: location)
            return
        }
        let state = scheduler.peers[place]
        #expect(state.has(piece), "asked of an owner", sourceLocation: location)
        #expect(!state.isChoked || state.allowedFast.contains(piece), "asked while allowed", sourceLocation: location)
        open[peer, default: []].append(request)
        let asked = open.values.count { $0.contains(request) }
        #expect(asked <= 2, "asked of two at most", sourceLocation: location)
    }

    // MARK: Blocks

    func requests(of number: Int) -> [BlockRequest] { open[Self.peer(number)] ?? [] }

    /// The pieces a peer is asked for, each once, in the order of the requests.
    func pieces(of number: Int) -> [Int] {
        var pieces: [Int] = []
        for request in requests(of: number) where !pieces.contains(Int(request.piece.rawValue)) {
            pieces.append(Int(request.piece.rawValue))
        }
        return pieces
    }

    /// A peer sends a block.
    @discardableResult
    mutating func send(_ number: Int, _ request: BlockRequest) -> PieceScheduler.Receipt {
        open[Self.peer(number)]?.removeAll { $0 == request }
        return scheduler.received(
            Self.peer(number), piece: request.piece, begin: request.begin, length: Int(request.length), now: now)
    }

    @discardableResult
    mutating func send(_ number: Int, _ requests: [BlockRequest]) -> [PieceScheduler.Receipt] {
        var receipts: [PieceScheduler.Receipt] = []
        for request in requests { receipts.append(send(number, request)) }
        return receipts
    }

    /// A peer sends all it was asked for; no verdict on pieces is given.
    mutating func sendAll(_ number: Int) {
        send(number, requests(of: number))
        drain()
    }

    /// A peer answers its oldest requests; complete pieces are verified. Returns how many blocks were kept.
    @discardableResult
    mutating func answer(_ number: Int, count: Int = .max) -> Int {
        var kept = 0
        for request in requests(of: number).prefix(count) {
            switch send(number, request) {
            case .store: kept += 1
            case .storeLast:
                kept += 1
                scheduler.verified(request.piece)
            case .unwanted: break
            }
        }
        drain()
        return kept
    }
}
