import Foundation
import HTTPWire

/// How much of the past a chart shows.
enum HistoryRange: String, CaseIterable, Sendable, Hashable {
    case day, week, month, year

    /// What the address `?history=` asks for; a day for everything that is no range.
    init(_ query: FormFields) {
        self = query.first("history").flatMap(HistoryRange.init(rawValue:)) ?? .day
    }

    /// Its length in seconds.
    var seconds: Int64 {
        switch self {
        case .day: 86_400
        case .week: 7 * 86_400
        case .month: 30 * 86_400
        case .year: 365 * 86_400
        }
    }

    /// Points that are asked for: one for every five minutes, half hour, two hours, day.
    var points: Int {
        switch self {
        case .day: 288
        case .week: 336
        case .month: 360
        case .year: 365
        }
    }

    /// The next shorter one.
    var shorter: HistoryRange? {
        switch self {
        case .day: nil
        case .week: .day
        case .month: .week
        case .year: .month
        }
    }

    /// Links to all of them, the one that is shown marked.
    func links(from path: String) -> TemplateValue {
        .list(
            Self.allCases.map { range in
                [
                    "name": .text(range.rawValue.capitalized), "is_shown": .flag(range == self),
                    "href": .text("\(path)?history=\(range.rawValue)#history"),
                ]
            })
    }
}
