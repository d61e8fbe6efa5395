import Catalog

/// The members of a patch that are the tracker's.
struct TrackerPatch {
    private typealias Field = TrackerSettings.Field

    private let numbers: [TrackerSettings.Field: Int64]
    private let handOut: String?
    private let logsAnnounces: Bool?

    /// Takes the members from the body.
    init(_ body: inout JSONBody) throws {
        var numbers: [Field: Int64] = [:]
        for field in Field.allCases where TrackerSettings().number(field) != nil {
            numbers[field] = try body.number(field.rawValue)
        }
        self.numbers = numbers
        handOut = try body.text(Field.handOut.rawValue)
        logsAnnounces = try body.flag(Field.logsAnnounces.rawValue)
    }

    /// Whether nothing of the tracker's changes.
    var isEmpty: Bool { numbers.isEmpty && handOut == nil && logsAnnounces == nil }

    /// The settings with the changes made; their ranges are checked where they are saved.
    ///
    /// - Throws: `CatalogError` for what is no rule.
    func applied(to settings: TrackerSettings) throws(CatalogError) -> TrackerSettings {
        var settings = settings
        settings.interval = number(.interval, settings.interval)
        settings.minimumInterval = number(.minimumInterval, settings.minimumInterval)
        settings.peersPerAnswer = number(.peersPerAnswer, settings.peersPerAnswer)
        settings.maximumPeersPerAnswer = number(.maximumPeersPerAnswer, settings.maximumPeersPerAnswer)
        settings.peersPerSwarm = number(.peersPerSwarm, settings.peersPerSwarm)
        settings.peersPerAddress = number(.peersPerAddress, settings.peersPerAddress)
        settings.logsAnnounces = logsAnnounces ?? settings.logsAnnounces
        if let handOut {
            guard let choice = HandOutChoice(rawValue: handOut) else {
                let names = HandOutChoice.allCases.map(\.rawValue).joined(separator: ", ")
                throw CatalogError(
                    field: Field.handOut.rawValue, sentence: "The rule for who is handed out is one of \(names).")
            }
            settings.handOut = choice
        }
        return settings
    }

    private func number(_ field: TrackerSettings.Field, _ standard: Int) -> Int {
        numbers[field].map { Int($0) } ?? standard
    }
}
