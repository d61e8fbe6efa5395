import ByteCoding

extension PeerID {
    /// The client and its version as far as the id tells (BEP 20): `-TR3000-...` is "Transmission 3.0.0".
    /// Ids of no known form give the printable part of the id.
    public var clientName: String {
        let bytes = bytes
        return Self.azureusName(bytes) ?? Self.dashedName(bytes) ?? Self.printable(bytes)
    }

    private static let azureusClients: [String: String] = [
        "7T": "aTorrent", "AG": "Ares", "AR": "Arctic", "AZ": "Vuze", "BC": "BitComet", "BE": "BitTorrent SDK",
        "BI": "BiglyBT", "BL": "BitLord", "BT": "BitTorrent", "DE": "Deluge", "FD": "Free Download Manager",
        "FL": "Flud", "FX": "Freebox", "GT": "anacrolix/torrent", "HL": "Halite", "KG": "KGet", "KT": "KTorrent",
        "LT": "libtorrent", "lt": "libTorrent", "LW": "LimeWire", "MG": "MediaGet", "PI": "PicoTorrent",
        "qB": "qBittorrent", "RN": "rain", "RS": "Reelswarm", "SD": "Xunlei", "TL": "Tribler", "TR": "Transmission",
        "TX": "Tixati", "UM": "µTorrent Mac",
        "UT": "µTorrent", "UW": "µTorrent Web", "WD": "WebTorrent Desktop", "WW": "WebTorrent", "XF": "Xfplay",
        "XL": "Xunlei", "ZO": "Zona",
    ]

    /// `-XX1234-`: two letters for the client, four digits or letters for the version.
    private static func azureusName(_ bytes: [UInt8]) -> String? {
        let dash = UInt8(ascii: "-")
        guard bytes.count == byteCount, bytes[0] == dash, bytes[7] == dash || bytes[6] == dash,
            bytes[1...5].allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { return nil }
        let code = String(decoding: bytes[1...2], as: UTF8.self)
        guard let client = azureusClients[code] else { return nil }
        var numbers = bytes[3...6].prefix { $0 != dash }.compactMap(digit)
        while numbers.count > 3, numbers.last == 0 { numbers.removeLast() }
        return numbers.isEmpty ? client : client + " " + numbers.map(String.init).joined(separator: ".")
    }

    /// `M7-10-5--` and `A2-1-36-0-`: a letter, numbers parted by dashes.
    private static func dashedName(_ bytes: [UInt8]) -> String? {
        let dash = UInt8(ascii: "-")
        let head = bytes.prefix(12)
        let isAria = head.starts(with: "A2-".utf8)
        guard isAria || head.first == UInt8(ascii: "M") else { return nil }
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let version = head.dropFirst(isAria ? 3 : 1).prefix { digits.contains($0) || $0 == dash }
        let numbers = version.split(separator: dash).prefix(3).map { String(decoding: $0, as: UTF8.self) }
        guard numbers.count >= 2 else { return nil }
        return (isAria ? "aria2 " : "BitTorrent ") + numbers.joined(separator: ".")
    }

    /// The value of a version digit: 0-9, then letters from 10 on.
    private static func digit(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte - UInt8(ascii: "A")) + 10
        case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte - UInt8(ascii: "a")) + 36
        default: nil
        }
    }

    private static func printable(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes.prefix(8).prefix { (0x21...0x7e).contains($0) }, as: UTF8.self)
        return text.isEmpty ? "unknown" : text
    }
}
