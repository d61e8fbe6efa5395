extension TrackerSettings {
    /// What a number may be: for `minimumInterval` and `peersPerAnswer` the upper end follows from the setting that
    /// they must not exceed. Nil for settings that are no numbers.
    public func range(of field: Field) -> ClosedRange<Int>? {
        switch field {
        case .interval: 10...14_400
        case .minimumInterval: 1...max(1, interval)
        case .peersPerAnswer: 0...max(0, maximumPeersPerAnswer)
        // 80 IPv6 peers are what fits into one unfragmented UDP answer.
        case .maximumPeersPerAnswer: 1...80
        case .peersPerSwarm: 16...1_000_000
        case .peersPerAddress: 0...10_000
        case .handOut, .logsAnnounces: nil
        }
    }

    /// The value of a numeric setting; nil for the others.
    public func number(_ field: Field) -> Int? {
        switch field {
        case .interval: interval
        case .minimumInterval: minimumInterval
        case .peersPerAnswer: peersPerAnswer
        case .maximumPeersPerAnswer: maximumPeersPerAnswer
        case .peersPerSwarm: peersPerSwarm
        case .peersPerAddress: peersPerAddress
        case .handOut, .logsAnnounces: nil
        }
    }

    /// Throws the first rule that is broken, in one sentence.
    func check() throws(CatalogError) {
        for field in Field.allCases {
            guard let number = number(field), let range = range(of: field), !range.contains(number) else { continue }
            throw CatalogError(field: field.rawValue, sentence: sentence(for: field, range))
        }
    }

    private func sentence(for field: Field, _ range: ClosedRange<Int>) -> String {
        let bounds = "\(range.lowerBound) and \(range.upperBound)"
        return switch field {
        case .interval: "The announce interval lies between \(bounds) seconds."
        case .minimumInterval: "The shortest announce interval lies between 1 second and the announce interval."
        case .peersPerAnswer: "The peers in an answer lie between 0 and the most peers in an answer."
        case .maximumPeersPerAnswer: "The most peers in an answer lie between \(bounds)."
        case .peersPerSwarm: "The most peers of a swarm lie between \(bounds)."
        case .peersPerAddress: "The most peers of one address lie between \(bounds); 0 is no limit."
        case .handOut, .logsAnnounces: ""
        }
    }
}
