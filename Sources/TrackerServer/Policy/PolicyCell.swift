import Synchronization

/// A policy that is read for every announce and hardly ever written: a word for each value, so that readers share
/// nothing that they would have to write to. A reader may meet some values of the old policy and some of the new one;
/// each is good by itself.
final class PolicyCell: Sendable {
    private let interval = Atomic(0)
    private let minimumInterval = Atomic(0)
    private let defaultPeersWanted = Atomic(0)
    private let maximumPeersWanted = Atomic(0)
    private let peersPerSwarm = Atomic(0)
    private let peersPerAddress = Atomic(0)
    private let hashesPerScrape = Atomic(0)
    private let handOut = Atomic(0)
    private let logsAnnounces = Atomic(true)
    /// Writers take turns, so that what stays is one policy.
    private let writing = Mutex(())

    init(_ policy: TrackerPolicy) { store(policy) }

    var policy: TrackerPolicy {
        TrackerPolicy(
            interval: interval.load(ordering: .relaxed), minimumInterval: minimumInterval.load(ordering: .relaxed),
            defaultPeersWanted: defaultPeersWanted.load(ordering: .relaxed),
            maximumPeersWanted: maximumPeersWanted.load(ordering: .relaxed),
            peersPerSwarm: peersPerSwarm.load(ordering: .relaxed),
            peersPerAddress: peersPerAddress.load(ordering: .relaxed),
            hashesPerScrape: hashesPerScrape.load(ordering: .relaxed),
            handOut: HandOutRule(number: handOut.load(ordering: .relaxed)),
            logsAnnounces: logsAnnounces.load(ordering: .relaxed))
    }

    func store(_ new: TrackerPolicy) {
        let policy = new.inRange
        writing.withLock { _ in
            interval.store(policy.interval, ordering: .relaxed)
            minimumInterval.store(policy.minimumInterval, ordering: .relaxed)
            defaultPeersWanted.store(policy.defaultPeersWanted, ordering: .relaxed)
            maximumPeersWanted.store(policy.maximumPeersWanted, ordering: .relaxed)
            peersPerSwarm.store(policy.peersPerSwarm, ordering: .relaxed)
            peersPerAddress.store(policy.peersPerAddress, ordering: .relaxed)
            hashesPerScrape.store(policy.hashesPerScrape, ordering: .relaxed)
            handOut.store(policy.handOut.number, ordering: .relaxed)
            logsAnnounces.store(policy.logsAnnounces, ordering: .relaxed)
        }
    }
}

extension HandOutRule {
    /// A small number for the rule; `init(number:)` gives it back.
    fileprivate var number: Int {
        switch self {
        case .random: 0
        case .uploaders: 1
        case .mixed: 2
        }
    }

    fileprivate init(number: Int) {
        switch number {
        case 0: self = .random
        case 1: self = .uploaders
        default: self = .mixed
        }
    }
}
