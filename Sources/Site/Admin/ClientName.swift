/// Names of clients for people, from the first bytes of their peer ids (BEP 20).
enum ClientName {
    /// Characters shown of a name at most.
    private static let limit = 60

    /// The name of a client: a known head of a peer id becomes name and version, anything else is shown as it is.
    ///
    /// - Parameter text: the head of a peer id, or the name that a client gave itself; from outside.
    static func words(_ text: String) -> String {
        let bytes = Array(text.utf8.prefix(256))
        if let name = azureus(bytes) ?? dashed(bytes) { return name }
        let shown = text.unicodeScalars.prefix(limit).map { $0.properties.generalCategory == .control ? " " : $0 }
        let plain = String(String.UnicodeScalarView(shown)).split(separator: " ").joined(separator: " ")
        return plain.isEmpty ? "Unknown client" : plain
    }

    /// How a client writes its version into four characters.
    private enum Style {
        /// One character a part, 0 to 9 and A to Z; so many parts are shown.
        case parts(Int)
        /// A major digit and two minor ones: `2940` is 2.94. From major 4 on one character a part.
        case transmission
        /// Two digits a part: `0102` is 1.2.
        case pairs
        /// Two digits behind the point: `0196` is 1.96.
        case hundredths
        /// Nothing that can be read.
        case none
    }

    private static let clients: [String: (name: String, style: Style)] = [
        "TR": ("Transmission", .transmission), "LT": ("libtorrent", .parts(4)), "lt": ("rTorrent", .parts(4)),
        "qB": ("qBittorrent", .parts(4)), "UT": ("µTorrent", .parts(3)), "UM": ("µTorrent for Mac", .parts(3)),
        "UW": ("µTorrent Web", .parts(3)), "BT": ("BitTorrent", .parts(3)), "DE": ("Deluge", .parts(3)),
        "A2": ("aria2", .parts(3)), "AZ": ("Vuze", .parts(4)), "BI": ("BiglyBT", .parts(4)),
        "WW": ("WebTorrent", .pairs), "WD": ("WebTorrent Desktop", .pairs), "KT": ("KTorrent", .parts(3)),
        "FD": ("Free Download Manager", .parts(2)), "BC": ("BitComet", .hundredths), "PI": ("PicoTorrent", .parts(3)),
        "TX": ("Tixati", .hundredths), "TL": ("Tribler", .parts(3)), "XL": ("Xunlei", .none), "SD": ("Xunlei", .none),
        "FL": ("Folx", .parts(2)), "GT": ("Go torrent", .none), "RS": ("Reelswarm", .parts(3)),
        "BP": ("BitTorrent Pro", .parts(3)), "FG": ("FlashGet", .hundredths), "HL": ("Halite", .parts(3)),
        "TS": ("TorrentStorm", .none), "MO": ("MonoTorrent", .parts(4)), "LP": ("Lphant", .none),
        "SZ": ("Shareaza", .parts(4)), "BL": ("BitLord", .none), "TT": ("TuoTu", .none),
    ]

    /// `-TR3000-`: two letters and four characters of version between dashes.
    private static func azureus(_ bytes: [UInt8]) -> String? {
        let dash = UInt8(ascii: "-")
        guard bytes.count >= 8, bytes.count <= 20, bytes[0] == dash,
            let client = clients[String(decoding: bytes[1...2], as: UTF8.self)]
        else { return nil }
        // Some clients use the last dash for a mark of their own, so it is not asked for.
        guard let version = version(Array(bytes[3...6]), client.style) else { return client.name }
        return "\(client.name) \(version)"
    }

    private static func version(_ bytes: [UInt8], _ style: Style) -> String? {
        let values = bytes.prefix(4).prefix { value($0) != nil }.compactMap(value)
        guard let major = values.first else { return nil }
        switch style {
        case .parts(let count): return joined(values.prefix(count), least: min(2, count))
        case .transmission where major < 4: return values.count < 3 ? nil : "\(major).\(values[1])\(values[2])"
        case .transmission: return joined(values.prefix(3), least: 3)
        case .pairs: return values.count < 4 ? nil : "\(values[0] * 10 + values[1]).\(values[2] * 10 + values[3])"
        case .hundredths: return values.count < 4 ? nil : "\(values[0] * 10 + values[1]).\(values[2])\(values[3])"
        case .none: return nil
        }
    }

    /// Parts with points between them; zeros at the end are left out, but `least` parts stay.
    private static func joined(_ values: ArraySlice<Int>, least: Int) -> String {
        var parts = Array(values)
        while parts.count > least, parts.last == 0 { parts.removeLast() }
        return parts.map(String.init).joined(separator: ".")
    }

    /// 0 to 9, then A to Z as 10 to 35.
    private static func value(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte) - 0x30
        case 0x41...0x5A: Int(byte) - 0x41 + 10
        default: nil
        }
    }

    /// `A2-1-36-0-` of aria2 and `M7-10-5-` of BitTorrent: numbers between dashes, the last perhaps cut off.
    private static func dashed(_ bytes: [UInt8]) -> String? {
        let text = String(decoding: bytes.prefix(20), as: UTF8.self)
        let (name, rest): (String, Substring)
        if text.hasPrefix("A2-") {
            (name, rest) = ("aria2", text.dropFirst(3))
        } else if text.hasPrefix("M"), bytes.count == 8 || bytes.count == 20 {
            (name, rest) = ("BitTorrent", text.dropFirst(1))
        } else {
            return nil
        }
        // A number counts only with the dash behind it: the eight bytes we keep may end within one.
        let parts = rest.split(separator: "-", omittingEmptySubsequences: false).dropLast().prefix(3)
        let numbers = parts.prefix { !$0.isEmpty && $0.utf8.count <= 3 && $0.utf8.allSatisfy { value($0) ?? 10 < 10 } }
        guard numbers.count >= 2 else { return nil }
        return "\(name) \(numbers.joined(separator: "."))"
    }
}
