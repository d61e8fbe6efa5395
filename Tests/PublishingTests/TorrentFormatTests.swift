import Catalog
import Cryptography
import Metainfo
import Publishing
import Testing
import TorrentCreation

/// New torrents are for the versions that the setting names; those that are there keep theirs.
@Suite struct TorrentFormatTests {
    @Test(arguments: [TorrentFormat.hybrid, .v2]) func anUploadGetsATorrentOfTheSetFormat(
        format: TorrentFormat
    ) async throws {
        try await TestSite.with { site in
            let old = try await site.publish(Films.mkv, name: "old.mkv")
            _ = try await site.publisher.changeSettings(SettingsChanges(torrentFormat: format), by: site.admin.id)
            let film = Films.padded(to: 700_000, seed: 9)
            let torrent = try #require(try await site.publish(film).torrent)
            #expect(try await site.store.videos.video(id: old.id)?.torrent?.infoHashV2 == nil)

            let bytes = try #require(try await site.store.torrents.infoBytes(torrent.infoHash))
            let layers = try await site.store.torrents.pieceLayers(torrent.infoHash)
            let whole = try Torrent(infoBytes: bytes, pieceLayers: layers)
            #expect(try Torrent(decoding: whole.encoded()) == whole)
            #expect(whole.info.format == format)
            #expect(torrent.infoHash == whole.wireHash && torrent.infoHashV2 == whole.infoHashV2)
            #expect(torrent.infoHashV1 == whole.infoHashV1)

            // Seeder and tracker know the other hash of a hybrid, and no other of version 2 alone.
            let alias = format == .hybrid ? whole.infoHashV2?.truncated : nil
            let seeded = try #require(site.swarm.seeded(torrent.infoHash))
            #expect(seeded.alias == alias && site.swarm.alias(torrent.infoHash) == alias)
            #expect(try await seeded.loadPieceLayers?() == layers)
            let (root, layer) = try #require(layers.first)
            #expect(layer.count == 3 * 32 && MerkleTree.root(ofLayer: layer, leavesPerNode: 16) == root)
        }
    }

    @Test func aFilmOfOnePieceNeedsNoLayer() async throws {
        try await TestSite.with { site in
            _ = try await site.publisher.changeSettings(SettingsChanges(torrentFormat: .v2), by: site.admin.id)
            let film = Films.mp4
            try #require(film.count <= 256 << 10)
            let torrent = try #require(try await site.publish(film).torrent)
            #expect(try await site.store.torrents.pieceLayers(torrent.infoHash) == [:])
            let bytes = try #require(try await site.store.torrents.infoBytes(torrent.infoHash))
            #expect(try Torrent(decoding: Torrent(infoBytes: bytes).encoded()).info.format == .v2)
        }
    }

    @Test func torrentsThatWereMissingAreOfTheSetFormatToo() async throws {
        try await TestSite.with { site in
            try await site.publisher.switchBitTorrent(on: false, by: site.admin.id)
            let without = try await site.publish(Films.mkv, name: "x.mkv")
            let changes = try SettingsChanges(bittorrentEnabled: true, torrentFormat: .hybrid)
            _ = try await site.publisher.changeSettings(changes, by: site.admin.id)
            try await site.runner.drain()
            let made = try #require(try await site.store.videos.video(id: without.id)?.torrent)
            #expect(made.infoHashV2 != nil && made.infoHashV1 == made.infoHash)
        }
    }

    @Test func version1HasNothingOfVersion2() async throws {
        try await TestSite.with { site in
            let torrent = try #require(try await site.publish(Films.mp4).torrent)
            let seeded = try #require(site.swarm.seeded(torrent.infoHash))
            #expect(seeded.alias == nil && seeded.loadPieceLayers == nil)
        }
    }
}
