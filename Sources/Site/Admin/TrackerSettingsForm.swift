import Catalog
import HTTPWire

/// The tracker's settings as the form has them: texts, right or wrong.
struct TrackerSettingsForm {
    typealias Field = TrackerSettings.Field

    /// The numbers as typed.
    private var numbers: [Field: String]
    /// The rule's name as sent.
    private var handOut: String
    private(set) var logsAnnounces: Bool

    /// The form of saved settings.
    init(_ settings: TrackerSettings) {
        numbers = [:]
        for field in Field.allCases { numbers[field] = settings.number(field).map(String.init) }
        handOut = settings.handOut.rawValue
        logsAnnounces = settings.logsAnnounces
    }

    /// The form that was posted. A field that was not sent at all keeps its value; an unticked box is not sent either,
    /// so it counts only in a form that has the others.
    init(_ form: FormFields, current: TrackerSettings) {
        self.init(current)
        for field in numbers.keys { numbers[field] = form.first(field.rawValue) ?? numbers[field] }
        handOut = form.first(Field.handOut.rawValue) ?? handOut
        if form.first(Field.interval.rawValue) != nil {
            logsAnnounces = !(form.first(Field.logsAnnounces.rawValue) ?? "").isEmpty
        }
    }

    /// The settings that the form asks for; their ranges are checked where they are saved.
    ///
    /// - Throws: `CatalogError` for what is no number and no rule.
    func settings() throws(CatalogError) -> TrackerSettings {
        guard let choice = HandOutChoice(rawValue: handOut) else {
            throw CatalogError(
                field: Field.handOut.rawValue, sentence: "Choose one of the rules for who is handed out.")
        }
        return TrackerSettings(
            interval: try number(.interval), minimumInterval: try number(.minimumInterval),
            peersPerAnswer: try number(.peersPerAnswer), maximumPeersPerAnswer: try number(.maximumPeersPerAnswer),
            peersPerSwarm: try number(.peersPerSwarm), peersPerAddress: try number(.peersPerAddress),
            handOut: choice, logsAnnounces: logsAnnounces)
    }

    /// Digits, perhaps in groups; at most nine of them, so that every later sum stays a number.
    private func number(_ field: Field) throws(CatalogError) -> Int {
        let text = (numbers[field] ?? "").split { $0.isWhitespace || $0 == "," }.joined()
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(text)
        else {
            let example = TrackerSettings().number(field) ?? 0
            throw CatalogError(
                field: field.rawValue, sentence: "“\(Self.label(field))” is a whole number, such as \(example).")
        }
        return number
    }

    // MARK: Words

    /// The fieldsets with their fields.
    func groups(wrong: String?) -> TemplateValue {
        .list(
            Self.fieldsets.map { legend, fields in
                ["legend": .text(legend), "fields": .list(fields.map { values($0, isWrong: $0.rawValue == wrong) })]
            })
    }

    /// The rules to choose from, with a sentence each.
    var handOuts: TemplateValue {
        .list(
            HandOutChoice.allCases.reversed().map { choice in
                let (words, sentence) = Self.words(choice)
                return [
                    "value": .text(choice.rawValue), "words": .text(words), "sentence": .text(sentence),
                    "selected": .flag(choice.rawValue == handOut),
                ]
            })
    }

    private static let fieldsets: [(String, [Field])] = [
        ("How often clients announce", [.interval, .minimumInterval]),
        ("How many peers they are given", [.peersPerAnswer, .maximumPeersPerAnswer]),
        ("How much is remembered", [.peersPerSwarm, .peersPerAddress]),
    ]

    private func values(_ field: Field, isWrong: Bool) -> TemplateValue {
        [
            "name": .text(field.rawValue), "label": .text(Self.label(field)), "value": .text(numbers[field] ?? ""),
            "unit": .text(Self.unit(field)), "hint": .text(Self.hint(field)), "is_wrong": .flag(isWrong),
        ]
    }

    private static func label(_ field: Field) -> String {
        switch field {
        case .interval: "Announce interval"
        case .minimumInterval: "Shortest interval"
        case .peersPerAnswer: "Peers in an answer"
        case .maximumPeersPerAnswer: "Most peers in an answer"
        case .peersPerSwarm: "Most peers in a swarm"
        case .peersPerAddress: "Most peers of one address"
        case .handOut: "Who is handed out"
        case .logsAnnounces: "Announce log"
        }
    }

    private static func unit(_ field: Field) -> String {
        switch field {
        case .interval, .minimumInterval: "seconds"
        default: "peers"
        }
    }

    private static func hint(_ field: Field) -> String {
        switch field {
        case .interval:
            "A client says that it is still there this often, and is forgotten after being silent for twice as long. "
                + "10 to 14,400; 900 unless changed."
        case .minimumInterval:
            "Clients are asked not to announce again before. 1 to the interval above; 60 unless changed."
        case .peersPerAnswer:
            "For clients that do not say how many they want. 0 to the number below; 30 unless changed."
        case .maximumPeersPerAnswer:
            "However many a client wants. 1 to 80, which is what fits into one UDP packet; 50 unless changed."
        case .peersPerSwarm:
            "For each of IPv4 and IPv6; beyond it the longest silent make room. 16 to 1,000,000; 50,000 unless changed."
        case .peersPerAddress:
            "So that one address cannot fill a swarm; many people may share one behind their provider. "
                + "0 to 10,000, where 0 is no limit; 64 unless changed."
        case .handOut, .logsAnnounces: ""
        }
    }

    private static func words(_ choice: HandOutChoice) -> (String, String) {
        switch choice {
        case .mixed:
            ("Mixed", "Some that upload most, some that were not handed out lately, and some at random.")
        case .uploaders: ("Uploaders first", "Peers that upload most come first; newcomers wait longer.")
        case .random: ("Random", "Every peer is as likely as any other.")
        }
    }
}
