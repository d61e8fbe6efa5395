import Foundation

/// What commands print: JSON for programs, aligned lines for people.
enum Output {
    /// Prints one value as JSON with sorted keys.
    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// Prints `name  value` lines with the values in one column.
    static func facts(_ facts: [(name: String, value: String)]) {
        let width = facts.map(\.name.count).max() ?? 0
        for fact in facts {
            print(fact.name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + fact.value)
        }
    }

    /// A size in bytes with the unit people read: `1.4 GiB`.
    static func size(_ bytes: Int64) -> String {
        var value = Double(bytes)
        for unit in ["B", "KiB", "MiB", "GiB"] {
            if value < 1024 { return unit == "B" ? "\(bytes) B" : String(format: "%.1f \(unit)", value) }
            value /= 1024
        }
        return String(format: "%.1f TiB", value)
    }
}
