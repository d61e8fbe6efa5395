import ByteCoding

extension MagnetLink {
    /// The `magnet:` URI. Names and URLs are percent-encoded; hashes and peers stand as they are, since clients read
    /// those without decoding.
    public func formatted() -> String {
        var parameters: [String] = []
        if let hash = infoHashV1 { parameters.append("xt=urn:btih:\(hash.hex)") }
        if let hash = infoHashV2 { parameters.append("xt=urn:btmh:1220\(hash.hex)") }
        if let name = displayName { parameters.append("dn=" + PercentEncoding.encode(name)) }
        parameters += trackers.map { "tr=" + PercentEncoding.encode($0) }
        parameters += webSeeds.map { "ws=" + PercentEncoding.encode($0) }
        parameters += exactSources.map { "xs=" + PercentEncoding.encode($0) }
        parameters += peers.map { "x.pe=\($0)" }
        parameters += dhtNodes.map { "dht=\($0)" }
        if let files = selectedFiles, !files.isEmpty { parameters.append("so=" + Self.ranges(files)) }
        return "magnet:?" + parameters.joined(separator: "&")
    }

    /// Sorted numbers with runs joined: `0,2,4-6`.
    private static func ranges(_ numbers: [Int]) -> String {
        var runs: [ClosedRange<Int>] = []
        for number in Set(numbers).sorted() {
            if let last = runs.last, number - last.upperBound == 1 {
                runs[runs.count - 1] = last.lowerBound...number
            } else {
                runs.append(number...number)
            }
        }
        return runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ",")
    }
}
