import Catalog
import HTTPWire

/// The peer engine's settings as the form has them: texts, right or wrong.
struct PeerSettingsForm {
    typealias Field = PeerSettings.Field

    /// The rates as typed; empty is no limit.
    private var rates: [Field: String]
    private(set) var superSeeding: Bool

    /// The form of saved settings.
    init(_ settings: PeerSettings) {
        rates = [
            .uploadRate: Self.text(settings.uploadRate), .downloadRate: Self.text(settings.downloadRate),
        ]
        superSeeding = settings.superSeeding
    }

    /// The form that was posted. A field that was not sent at all keeps its value; an unticked box is not sent either,
    /// so it counts only in a form that has the others.
    init(_ form: FormFields, current: PeerSettings) {
        self.init(current)
        for field in rates.keys { rates[field] = form.first(field.rawValue) ?? rates[field] }
        if form.first(Field.uploadRate.rawValue) != nil {
            superSeeding = !(form.first(Field.superSeeding.rawValue) ?? "").isEmpty
        }
    }

    /// The settings that the form asks for; their ranges are checked where they are saved.
    ///
    /// - Throws: `CatalogError` for what is no number.
    func settings() throws(CatalogError) -> PeerSettings {
        PeerSettings(
            uploadRate: try rate(.uploadRate), downloadRate: try rate(.downloadRate), superSeeding: superSeeding)
    }

    /// Digits, perhaps in groups; at most nine of them, so that every later product stays a number.
    private func rate(_ field: Field) throws(CatalogError) -> Int {
        let text = (rates[field] ?? "").split { $0.isWhitespace || $0 == "," }.joined()
        if text.isEmpty { return 0 }
        guard text.utf8.count <= 9, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else {
            throw CatalogError(
                field: field.rawValue,
                sentence: "“\(Self.label(field))” is a whole number of KiB/s, such as 2,000, or empty for no limit.")
        }
        return number
    }

    // MARK: Words

    /// The fields of the rates.
    func fields(wrong: String?) -> TemplateValue {
        .list(
            [Field.uploadRate, .downloadRate].map { field in
                [
                    "name": .text(field.rawValue), "label": .text(Self.label(field)),
                    "value": .text(rates[field] ?? ""), "hint": .text(Self.hint(field)),
                    "is_wrong": .flag(field.rawValue == wrong),
                ]
            })
    }

    private static func text(_ rate: Int) -> String { rate == 0 ? "" : String(rate) }

    private static func label(_ field: Field) -> String {
        switch field {
        case .uploadRate: "Upload rate"
        case .downloadRate: "Download rate"
        case .superSeeding: "Super-seeding"
        }
    }

    private static func hint(_ field: Field) -> String {
        switch field {
        case .uploadRate:
            "The most that this server sends to BitTorrent clients, all films together. "
                + "Films watched or downloaded over the web do not count."
        case .downloadRate: "The most that imports take from their swarms, all together."
        case .superSeeding: ""
        }
    }
}
