import ByteCoding

extension MagnetLink {
    private static let maximumLength = 64 << 10
    private static let maximumEntries = 100
    /// BEP 53 gives no bound; no torrent we accept has more files.
    private static let maximumFileNumber = 200_000

    /// Reads a `magnet:` URI, or a bare hash in hexadecimal or base32. Parameters that are unknown, or whose value is
    /// of no use (a peer by name, a file range that goes backwards), are left out.
    public init(_ text: String) throws(MagnetError) {
        guard text.utf8.count <= Self.maximumLength else { throw .tooLong }
        self.init(infoHashV1: nil)
        let scheme = "magnet:"
        guard text.utf8.count >= scheme.utf8.count,
            text.utf8.prefix(scheme.utf8.count).elementsEqual(scheme.utf8, by: Self.isSameLetter)
        else {
            guard let hash = Self.hash(Array(text.utf8)) else { throw .notAMagnet }
            infoHashV1 = hash
            return
        }
        let query = text.utf8.drop { $0 != UInt8(ascii: "?") }.dropFirst().prefix { $0 != UInt8(ascii: "#") }
        for parameter in query.split(separator: UInt8(ascii: "&")) { try read(parameter: parameter) }
        guard infoHashV1 != nil || infoHashV2 != nil else { throw .missingInfoHash }
    }

    private mutating func read(parameter: Substring.UTF8View) throws(MagnetError) {
        let key = parameter.prefix { $0 != UInt8(ascii: "=") }
        guard key.endIndex < parameter.endIndex else { return }
        guard let value = PercentEncoding.decode(parameter[key.endIndex...].dropFirst(), plusIsSpace: true) else {
            throw .badEscape
        }
        let text = String(validating: value, as: UTF8.self).flatMap { $0.isEmpty ? nil : $0 }
        let name = String(decoding: key, as: UTF8.self).lowercased()
        switch name {
        case "xt": try readTopic(value)
        case "dn": displayName = displayName ?? text
        case "ws": Self.append(text, to: &webSeeds)
        case "xs": Self.append(text, to: &exactSources)
        case "x.pe": Self.append(text.flatMap { Endpoint($0) }, to: &peers)
        case "dht": Self.append(text.flatMap { NodeAddress($0) }, to: &dhtNodes)
        case "so": selectedFiles = selectedFiles ?? text.flatMap(Self.fileNumbers)
        case "tr": Self.append(text, to: &trackers)
        default:
            let number = name.utf8.dropFirst(3)
            guard name.hasPrefix("tr."), !number.isEmpty, number.allSatisfy(Self.isDigit) else { return }
            Self.append(text, to: &trackers)
        }
    }

    private mutating func readTopic(_ value: [UInt8]) throws(MagnetError) {
        if let hash = Self.suffix(of: value, after: "urn:btih:") {
            guard let hash = Self.hash(hash) else { throw .badInfoHash }
            infoHashV1 = infoHashV1 ?? hash
        } else if let hash = Self.suffix(of: value, after: "urn:btmh:") {
            // A multihash: 0x12 is SHA-256, 0x20 its length.
            guard hash.starts(with: "1220".utf8),
                let hash = InfoHashV2(hex: String(decoding: hash.dropFirst(4), as: UTF8.self))
            else { throw .badInfoHash }
            infoHashV2 = infoHashV2 ?? hash
        }
    }

    private static func suffix(of value: [UInt8], after prefix: String) -> [UInt8]? {
        guard value.count >= prefix.utf8.count,
            value.prefix(prefix.utf8.count).elementsEqual(prefix.utf8, by: isSameLetter)
        else { return nil }
        return Array(value.dropFirst(prefix.utf8.count))
    }

    /// 40 hexadecimal or 32 base32 digits.
    private static func hash(_ text: [UInt8]) -> InfoHash? {
        switch text.count {
        case 40: Hex.decode(text).flatMap { InfoHash(bytes: $0) }
        case 32: Base32.decode(String(decoding: text, as: UTF8.self)).flatMap { InfoHash(bytes: $0) }
        default: nil
        }
    }

    /// `0,2,4-6` as sorted numbers; nil when no part of it is usable.
    private static func fileNumbers(_ text: String) -> [Int]? {
        var numbers: Set<Int> = []
        for part in text.utf8.split(separator: UInt8(ascii: ",")).prefix(maximumEntries * 10) {
            let bounds = part.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).map(fileNumber)
            guard let first = bounds.first ?? nil, let last = bounds.last ?? nil, bounds.count <= 2, first <= last,
                last < maximumFileNumber
            else { continue }
            numbers.formUnion(first...last)
        }
        return numbers.isEmpty ? nil : numbers.sorted()
    }

    private static func fileNumber(_ digits: Substring.UTF8View) -> Int? {
        guard (1...6).contains(digits.count), digits.allSatisfy(isDigit) else { return nil }
        return Int(Substring(digits))
    }

    private static func append<Value: Equatable>(_ value: Value?, to values: inout [Value]) {
        guard let value, values.count < maximumEntries, !values.contains(value) else { return }
        values.append(value)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    /// Whether two ASCII bytes are the same but for case; `lower` is already lower case.
    private static func isSameLetter(_ byte: UInt8, _ lower: UInt8) -> Bool {
        byte == lower || (lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z") && byte | 0x20 == lower)
    }
}
