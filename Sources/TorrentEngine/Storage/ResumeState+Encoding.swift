import Bencode
import ByteCoding
import Metainfo

extension ResumeState {
    private static let formatName = "reelswarm resume 1"
    private static let limits = BencodeLimits(bytes: 64 << 20, depth: 10, tokens: 3_000_000)

    /// The bencoded state.
    func encoded() -> [UInt8] {
        BencodeTree.dictionary([
            "format": .string(Self.formatName),
            "info hash": .bytes(infoHash.bytes),
            "info": infoBytes.map { .bytes($0) },
            "piece layers": pieceLayers.isEmpty ? nil : .dictionary(pieceLayers.mapValues { .bytes($0) }),
            "piece count": have.map { .integer(Int64($0.count)) },
            "have": have.map { .bytes($0.bytes) },
            "files": .bytes(encodedFiles),
            "partials": .list(partials.map(Self.encoded)),
            "wanted": wanted.map { .list($0.map(Self.encoded)) },
            "in order": .integer(isInOrder ? 1 : 0),
            "uploaded": .integer(uploaded), "downloaded": .integer(downloaded), "wasted": .integer(wasted),
            "paused": .integer(isPaused ? 1 : 0),
            "boot": .bytes(bootID),
            "synchronized": .integer(isSynchronized ? 1 : 0),
        ]).encoded()
    }

    /// Reads a state; nil for anything that is not one, whole and consistent in itself.
    init?(decoding bytes: [UInt8]) {
        guard let document = try? BencodeDocument(decoding: bytes, limits: Self.limits),
            let fields = document.root.dictionary, fields["format"]?.string == Self.formatName,
            let hash = fields["info hash"]?.bytes.flatMap({ InfoHash(bytes: Array($0)) }),
            let files = fields["files"]?.bytes.flatMap(Self.files),
            let uploaded = Self.total(fields["uploaded"]), let downloaded = Self.total(fields["downloaded"]),
            let wasted = Self.total(fields["wasted"])
        else { return nil }
        self.init(infoHash: hash)
        infoBytes = fields["info"]?.bytes.map(Array.init)
        self.files = files
        (self.uploaded, self.downloaded, self.wasted) = (uploaded, downloaded, wasted)
        isInOrder = fields["in order"]?.integer == 1
        isPaused = fields["paused"]?.integer == 1
        bootID = fields["boot"]?.bytes.map(Array.init) ?? []
        isSynchronized = fields["synchronized"]?.integer == 1
        if let layers = fields["piece layers"] {
            guard let layers = Self.layers(layers) else { return nil }
            pieceLayers = layers
        }
        if let bits = fields["have"]?.bytes {
            guard let count = fields["piece count"]?.integer.flatMap({ Int(exactly: $0) }), count <= 1 << 31,
                let have = Bitfield(bytes: Array(bits), count: count)
            else { return nil }
            self.have = have
        }
        if let list = fields["partials"]?.list {
            guard let partials = Self.all(list, Self.partial) else { return nil }
            self.partials = partials
        }
        if let list = fields["wanted"]?.list {
            guard let wanted = Self.all(list, Self.range) else { return nil }
            self.wanted = wanted
        }
    }

    private static func all<T>(_ list: BencodeList, _ read: (BencodeValue) -> T?) -> [T]? {
        var values: [T] = []
        for item in list {
            guard let value = read(item) else { return nil }
            values.append(value)
        }
        return values
    }

    /// Totals are added to: one near the end of the numbers cannot be true.
    private static func total(_ value: BencodeValue?) -> Int64? {
        value?.integer.flatMap { (0...1 << 60).contains($0) ? $0 : nil }
    }

    /// 16 bytes a file: size and time; size -1 for none.
    private var encodedFiles: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(files.count * 16)
        for file in files {
            bytes.append(bigEndian: UInt64(bitPattern: file?.size ?? -1))
            bytes.append(bigEndian: UInt64(bitPattern: file?.modified ?? 0))
        }
        return bytes
    }

    private static func files(_ bytes: ArraySlice<UInt8>) -> [FileFacts?]? {
        guard bytes.count % 16 == 0 else { return nil }
        var files: [FileFacts?] = []
        var reader = ByteReader(bytes.span)
        while reader.remaining > 0 {
            guard let size = try? Int64(bitPattern: reader.read(UInt64.self)),
                let modified = try? Int64(bitPattern: reader.read(UInt64.self)), size >= -1
            else { return nil }
            files.append(size < 0 ? nil : FileFacts(size: size, modified: modified))
        }
        return files
    }

    private static func encoded(_ partial: PartialPiece) -> BencodeTree {
        .list([
            .integer(Int64(partial.piece.rawValue)), .integer(Int64(partial.blocks.count)),
            .bytes(partial.blocks.bytes),
        ])
    }

    private static func partial(_ value: BencodeValue) -> PartialPiece? {
        guard let parts = value.list.map(Array.init), parts.count == 3,
            let piece = parts[0].integer.flatMap({ UInt32(exactly: $0) }),
            let count = parts[1].integer.flatMap({ Int(exactly: $0) }), count <= 1 << 20,
            let bytes = parts[2].bytes, let blocks = Bitfield(bytes: Array(bytes), count: count)
        else { return nil }
        return PartialPiece(piece: PieceIndex(piece), blocks: blocks)
    }

    private static func encoded(_ range: Range<Int64>) -> BencodeTree {
        .list([.integer(range.lowerBound), .integer(range.upperBound)])
    }

    private static func range(_ value: BencodeValue) -> Range<Int64>? {
        guard let parts = value.list.map(Array.init), parts.count == 2, let start = parts[0].integer,
            let end = parts[1].integer, start >= 0, end >= start
        else { return nil }
        return start..<end
    }

    private static func layers(_ value: BencodeValue) -> [[UInt8]: [UInt8]]? {
        guard let entries = value.dictionary else { return nil }
        var layers: [[UInt8]: [UInt8]] = [:]
        for (root, layer) in entries {
            guard root.count == 32, let bytes = layer.bytes, bytes.count % 32 == 0 else { return nil }
            layers[Array(root)] = Array(bytes)
        }
        return layers
    }
}
