extension Array where Element == UInt8 {
    /// Where the first occurrence of `pattern` ends that begins at `from...latestStart`; nil when it has not come.
    func end(of pattern: [UInt8], from: Int, latestStart: Int) -> Int? {
        let last = Swift.min(latestStart, count - pattern.count)
        guard from >= 0, from <= last else { return nil }
        let start = (from...last).first { self[$0..<($0 + pattern.count)].elementsEqual(pattern) }
        return start.map { $0 + pattern.count }
    }
}
