import Foundation
import Logging

/// One event, one line: text on a terminal, JSON elsewhere; control characters are escaped, long values cut.
struct LineLogHandler: LogHandler {
    static let sink = LogSink()
    private static let isTerminal = isatty(2) == 1
    private static let longestValue = 2_000

    let label: String
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(label: String, level: Logger.Level) {
        self.label = label
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let merged = metadata.merging(event.metadata ?? [:]) { _, new in new }
            .map { (key: $0.key, value: Self.cut($0.value.description)) }
            .sorted { $0.key < $1.key }
        let time = Date().ISO8601Format(.init(includingFractionalSeconds: true))
        let line =
            Self.isTerminal
            ? Self.text(time, event.level, Self.cut(event.message.description), merged)
            : Self.json(time, event.level, label, Self.cut(event.message.description), merged)
        Self.sink.write(line)
    }

    private static func text(
        _ time: String, _ level: Logger.Level, _ message: String, _ facts: [(key: String, value: String)]
    ) -> String {
        let tail = facts.map { " \($0.key)=\($0.value)" }.joined()
        return escape("\(time) \(level.rawValue) \(message)\(tail)", quote: false)
    }

    private static func json(
        _ time: String, _ level: Logger.Level, _ label: String, _ message: String,
        _ facts: [(key: String, value: String)]
    ) -> String {
        let head = [("time", time), ("level", level.rawValue), ("part", label), ("message", message)]
        let members = (head + facts.map { ($0.key, $0.value) })
            .map { "\"\(escape($0.0, quote: true))\":\"\(escape($0.1, quote: true))\"" }
        return "{" + members.joined(separator: ",") + "}"
    }

    private static func cut(_ text: String) -> String {
        text.utf8.count <= longestValue ? text : String(text.prefix(longestValue)) + "…"
    }

    /// Text that cannot break a line, move a terminal's cursor or end a JSON string.
    static func escape(_ text: String, quote: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\"" where quote: result += "\\\""
            case "\\" where quote: result += "\\\\"
            case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value):
                result += "\\u" + String(format: "%04x", scalar.value)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
