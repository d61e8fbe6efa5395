import ByteCoding
import Cryptography
import Metainfo
import Testing
import TorrentCreation

/// Hybrids and version 2, beside what libtorrent 2.1.1 makes of the same bytes (`create_torrent`, default flags for
/// hybrids, `v2_only`, `v1_only`).
@Suite struct FormatTests {
    /// What libtorrent made.
    struct Expected: Sendable {
        let v1: String
        let hybrid: String
        /// The whole SHA-256 of the `info` bytes of version 2 alone.
        let v2: String
        /// The start of the SHA-256 over roots and layers.
        let layers: String
    }

    static let files: [(length: Int, pieceLength: Int, expected: Expected)] = [
        (
            1, 16_384,
            Expected(
                v1: "b90d1f44594f3224ba075dd564a06f4a0c84c3fe", hybrid: "3644a164edd67fb2eafd213dcfe83d990a3124af",
                v2: "b528fcd45072c5ea198d5160166d1e077fca8c1c4094e6e19d1eceae2d79ca9c", layers: "e3b0c44298fc1c14")
        ),
        (
            16_383, 16_384,
            Expected(
                v1: "af2ef6848e5b08d1d76db3802fb29225930c2cef", hybrid: "1a10298d372f45cf240f42683716e0779bde1f50",
                v2: "29243310e12fd394cf7bd8a17f2c30f8ebd83415f07de5bfa4cd18145ec3db04", layers: "e3b0c44298fc1c14")
        ),
        (
            16_384, 16_384,
            Expected(
                v1: "eda520e8668ac756c48e37c2376c2e4fd93d8c01", hybrid: "34a5ea6f7d6644ecc8117759b07a255be0b56eeb",
                v2: "bc1eccfae3de070fe6c7eddcffdcd1952b8c990d056d51b7155cfa4df7e438bc", layers: "e3b0c44298fc1c14")
        ),
        (
            16_385, 16_384,
            Expected(
                v1: "18bc6000f24a717d4e642e64a1bdec563e1a383f", hybrid: "9901a308e887b8d312100fee2fe0f6464ecda091",
                v2: "621bdac6ce6f27df2a4d2cccfccdd5e2aae2ac4770ea268697da0061bfe4c131", layers: "8619cd73e811bf2f")
        ),
        (
            32_767, 32_768,
            Expected(
                v1: "ad28d15ba2ed063a2b69d16b7a786afe1a986600", hybrid: "c2cabebd43241336a62e91fc9c192f6e870b3fee",
                v2: "702c9a107128c8c62d5985f5b5223a9a69a6e29c45f95b01c9e24257a68165f1", layers: "e3b0c44298fc1c14")
        ),
        (
            32_768, 32_768,
            Expected(
                v1: "762cebde6d308df4a88007bceee51577f7e72ecb", hybrid: "1e0868ab4ee7a2cce52ab66ec73a4319537aec3c",
                v2: "8f14d6be2d9b7e37d7d8e2644face9e2d912eacef8e0f8a7a6fad3569832c171", layers: "e3b0c44298fc1c14")
        ),
        (
            32_769, 32_768,
            Expected(
                v1: "e326082a516c013d87d35dd335466344aeed5869", hybrid: "5f41001c8fcd268ff58b89dfd587295088708521",
                v2: "45ce45c1b864edb42122e5174b73115ccfcb608043f5fcb25186c58c64179133", layers: "e9ebe83552829829")
        ),
        (
            65_536, 65_536,
            Expected(
                v1: "7bb9fb91c53a55d6b5c9dd4e70c77298c3d0c93f", hybrid: "507691f10e410c21d1cc98da69a826559e2424f3",
                v2: "74ad5c5928b09a11b20ef9e95061ccf81a8044c0d5ba8a9654d3676d73be60dc", layers: "e3b0c44298fc1c14")
        ),
        (
            200_000, 65_536,
            Expected(
                v1: "9e98da9af6e5d7724e8e0d4f4549f9a1684f73e1", hybrid: "cd13bc8b16df2ddb56cfd569fbf4caddfbc8e7b1",
                v2: "d2b79922d0bcc1c76b262b894a8dc9bf1d8345cdcc384d5a37f0a6e6637efee6", layers: "e39b9578410eb9a2")
        ),
        (
            600_000, 32_768,
            Expected(
                v1: "ad1a3c0d5872457f8248d678fb60b8a697d9102c", hybrid: "4597b4c3628ecc4f1b68ca7d507321b7ed42a454",
                v2: "b1848b7364de214a4e4dd7aab039df2c2d77fcbd7eb657be172e91e89208ad4c", layers: "de691ea639bc10e5")
        ),
    ]

    static let folders: [(files: [(String, Int)], expected: Expected)] = [
        (
            [("a.bin", 100_000), ("b.bin", 16_384), ("sub/c.bin", 70_000), ("z.empty", 0), ("zz.bin", 33_000)],
            Expected(
                v1: "16ca417000f41899fdfcdd5976d71a6f6477c496", hybrid: "2fba96c0a1d5fcddcbd3e6c2c02d84887b12a6b8",
                v2: "7861df2369c4be6efa7c2418a5fda87500fdb388054d94210c40178b0abf329f", layers: "6da112d45c13e1e2")
        ),
        (
            [("a.bin", 100_000)],
            Expected(
                v1: "5bf284c654780a4b551b3dd5a9285e839051ee13", hybrid: "c06830fee0261bebb8834824e279efcd19771494",
                v2: "dc876515009d5bc0c333fbd25c0bcde53f72e2428a90d26668f19b740552050c", layers: "d5c446b8eaf59e95")
        ),
        (
            [("a.bin", 100_000), ("b.bin", 5), ("z", 0)],
            Expected(
                v1: "28714b33f777283cc0f647d256ee2e849373cf1a", hybrid: "4b006c70a2d733b9a6341047ecba52b6dbdb9f25",
                v2: "ddf48f05231222391dcee44cf8e272d58bf0c877c92129de87aaad254d75539a", layers: "d5c446b8eaf59e95")
        ),
        (
            [("a.bin", 32_768), ("b.bin", 65_536)],
            Expected(
                v1: "b3ee38d02163bd677891509b7e3ceecda292adad", hybrid: "a7a1b13190e61bf7cab18b8786ad34d440bdb311",
                v2: "ea3c60bde839c4bb049c5fb4654b9284df8f29a13e575bc28f7d331a1a74489a", layers: "7bc7b3a3a3d7fe14")
        ),
        (
            [("a", 0), ("b.bin", 50_000), ("c.bin", 10)],
            Expected(
                v1: "680a4e7276ac03c27538008f4ff0ef5521076374", hybrid: "9509daeeadace59369f997fb35e009f34050d1ed",
                v2: "0d2d66f8ca6a40e6af2af8d04bf123a73d20413e1296d2250bd4311698ed5a9c", layers: "782902664708cea6")
        ),
        (
            [("one.bin", 70_000), ("two.bin", 70_000)],
            Expected(
                v1: "7a43d914636f16efed5cb7324859c91e801b10a5", hybrid: "7ac640d086676e70cd29fc646489d29efab07b01",
                v2: "c1ac858a833023babaedaeb6376cdc8cad7583cc5001db114ba940286d9f91aa", layers: "2cf592fb1201b103")
        ),
    ]

    @Test(arguments: files.indices) func oneFileIsWhatLibtorrentMakes(index: Int) async throws {
        let (length, pieceLength, expected) = Self.files[index]
        let folder = try TemporaryFolder()
        let path = try folder.write(pattern(length), "film.mp4")
        try await compare(path, pieceLength: pieceLength, expected)
    }

    @Test(arguments: folders.indices) func aFolderIsWhatLibtorrentMakes(index: Int) async throws {
        let (files, expected) = Self.folders[index]
        let folder = try TemporaryFolder()
        for (name, length) in files { try folder.write(pattern(length), "tree/" + name) }
        try await compare(folder.path("tree"), pieceLength: 32_768, expected)
    }

    private func compare(_ path: String, pieceLength: Int, _ expected: Expected) async throws {
        var made: [TorrentFormat: CreatedTorrent] = [:]
        for format in TorrentFormat.allCases {
            let options = CreationOptions(pieceLength: pieceLength, format: format, workers: 2)
            let created = try await makeTorrent(path: path, options: options)
            let torrent = try Torrent(infoBytes: created.infoBytes, pieceLayers: created.pieceLayers)
            #expect(try Torrent(decoding: torrent.encoded()) == torrent)
            #expect(torrent.info.format == format && created.format == format)
            #expect(created.infoHash == torrent.wireHash)
            #expect(created.infoHashV2 == torrent.infoHashV2)
            made[format] = created
        }
        #expect(made[.v1]?.infoHash.hex == expected.v1)
        #expect(made[.hybrid]?.infoHash.hex == expected.hybrid)
        #expect(made[.v2]?.infoHashV2?.hex == expected.v2)
        for format in [TorrentFormat.hybrid, .v2] {
            let layers = (made[format]?.pieceLayers ?? [:]).sorted { $0.key.lexicographicallyPrecedes($1.key) }
            #expect(Hex.encode(Digest.sha256(layers.flatMap { $0 + $1 })).hasPrefix(expected.layers))
        }
        #expect(made[.v1]?.pieceLayers == [:])
    }

    @Test func aStreamGivesTheSameTreeWithAndWithoutSHA1() throws {
        for length in [0, 1, 16_384, 40_000, 65_536, 65_537, 200_000] {
            let bytes = pattern(length)
            var both = try StreamHasher(pieceLength: 65_536)
            both.update(bytes)
            let expected = both.finish()
            var tree = try StreamHasher(pieceLength: 65_536, hashing: .tree)
            tree.update(bytes)
            let hashes = tree.finish()
            #expect(hashes.piecesRoot == expected.piecesRoot)
            #expect(hashes.sha256PieceLayer == expected.sha256PieceLayer)
            #expect(hashes.sha1Pieces.isEmpty && hashes.pieceCount == expected.pieceCount)
        }
    }

    @Test func namesThatLookAlikeStayTwoFiles() async throws {
        let folder = try TemporaryFolder()
        // The same letter composed and decomposed: equal as text, two names on disk.
        try folder.write(pattern(10), "tree/\u{e9}")
        try folder.write(pattern(20), "tree/e\u{301}")
        let created = try await makeTorrent(path: folder.path("tree"), options: CreationOptions(format: .v2))
        let count = created.infoBytes.indices.filter { created.infoBytes[$0...].starts(with: "pieces root".utf8) }.count
        #expect(count == 2)
    }

    @Test func progressCountsTheFilesBytesAlone() async throws {
        let folder = try TemporaryFolder()
        try folder.write(pattern(20_000), "tree/a")
        try folder.write(pattern(5), "tree/b")
        let last = LastProgress()
        _ = try await makeTorrent(
            path: folder.path("tree"), options: CreationOptions(pieceLength: 16_384, format: .hybrid, workers: 1)
        ) { last.set($0) }
        #expect(last.value?.hashedLength == 20_005)
        #expect(last.value?.totalLength == 20_005)
    }
}
