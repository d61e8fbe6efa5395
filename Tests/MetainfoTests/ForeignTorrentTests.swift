import ByteCoding
import Cryptography
import Metainfo
import Testing

/// Torrents made by libtorrent 2.1.1, with the hashes it gives for them (BEP 52): one file of 20,480 bytes; a folder of
/// 20,000, 5 and 0 bytes.
@Suite struct ForeignTorrentTests {
    static let oneFileHybrid = """
        ZDg6YW5ub3VuY2UyNTpodHRwOi8vMTI3LjAuMC4xL2Fubm91bmNlMTM6Y3JlYXRpb24gZGF0ZWkxNzAwMDAwMDAwZTQ6aW5mb2Q5OmZpbGUg\
        dHJlZWQ3Om9uZS5iaW5kMDpkNjpsZW5ndGhpMjA0ODBlMTE6cGllY2VzIHJvb3QzMjr9orNbkj7mX1fYVK9lVmh_madkwbIG9b6Buibhj2EH\
        2GVlZTY6bGVuZ3RoaTIwNDgwZTEyOm1ldGEgdmVyc2lvbmkyZTQ6bmFtZTc6b25lLmJpbjEyOnBpZWNlIGxlbmd0aGkxNjM4NGU2OnBpZWNl\
        czQwOoDLnEMNgMMIRkn2XgyiXau_-xti6d3tjIRhTolFAZZa9gwlJXlKjH1lMTI6cGllY2UgbGF5ZXJzZDMyOv2is1uSPuZfV9hUr2VWaH-Z\
        p2TBsgb1voG6JuGPYQfYNjQ6ofJZ1DZe1DIMN3zib1yMVtzcmonntkG_2Oq_u-rIZlTI9dA0HVTZUacbE25uKvyxTRHthImnrhJqj-4N9uzx\
        k2Vl
        """

    static let oneFileV2 = """
        ZDg6YW5ub3VuY2UyNTpodHRwOi8vMTI3LjAuMC4xL2Fubm91bmNlMTM6Y3JlYXRpb24gZGF0ZWkxNzAwMDAwMDAwZTQ6aW5mb2Q5OmZpbGUg\
        dHJlZWQ3Om9uZS5iaW5kMDpkNjpsZW5ndGhpMjA0ODBlMTE6cGllY2VzIHJvb3QzMjr9orNbkj7mX1fYVK9lVmh_madkwbIG9b6Buibhj2EH\
        2GVlZTEyOm1ldGEgdmVyc2lvbmkyZTQ6bmFtZTc6b25lLmJpbjEyOnBpZWNlIGxlbmd0aGkxNjM4NGVlMTI6cGllY2UgbGF5ZXJzZDMyOv2i\
        s1uSPuZfV9hUr2VWaH-Zp2TBsgb1voG6JuGPYQfYNjQ6ofJZ1DZe1DIMN3zib1yMVtzcmonntkG_2Oq_u-rIZlTI9dA0HVTZUacbE25uKvyx\
        TRHthImnrhJqj-4N9uzxk2Vl
        """

    static let folderHybrid = """
        ZDg6YW5ub3VuY2UyNTpodHRwOi8vMTI3LjAuMC4xL2Fubm91bmNlMTM6Y3JlYXRpb24gZGF0ZWkxNzAwMDAwMDAwZTQ6aW5mb2Q5OmZpbGUg\
        dHJlZWQ1OmEuYmluZDA6ZDY6bGVuZ3RoaTIwMDAwZTExOnBpZWNlcyByb290MzI6ThXY7Sn3TtS0lT4gVnO0tGxj96cX1pOm0n5-g3M1TUhl\
        ZTM6c3ViZDU6Yi5iaW5kMDpkNjpsZW5ndGhpNWUxMTpwaWVjZXMgcm9vdDMyOl6EbGTy2xImbmtlio5bW0LMIlQZs-4fyoisuxgd39tSZWVl\
        MTp6ZDA6ZDY6bGVuZ3RoaTBlZWVlNTpmaWxlc2xkNjpsZW5ndGhpMjAwMDBlNDpwYXRobDU6YS5iaW5lZWQ0OmF0dHIxOnA2Omxlbmd0aGkx\
        Mjc2OGU0OnBhdGhsNDoucGFkNToxMjc2OGVlZDY6bGVuZ3RoaTVlNDpwYXRobDM6c3ViNTpiLmJpbmVlZDQ6YXR0cjE6cDY6bGVuZ3RoaTE2\
        Mzc5ZTQ6cGF0aGw0Oi5wYWQ1OjE2Mzc5ZWVkNjpsZW5ndGhpMGU0OnBhdGhsMTp6ZWVlMTI6bWV0YSB2ZXJzaW9uaTJlNDpuYW1lMTpkMTI6\
        cGllY2UgbGVuZ3RoaTE2Mzg0ZTY6cGllY2VzNjA6Ev80e08n1p4fMo5vS1Vz42ZuEi9jWC7lslc395sU863bhymNGb4knRhtKFeqTDeLOSvM\
        NBY_J9SKvfvSZTEyOnBpZWNlIGxheWVyc2QzMjpOFdjtKfdO1LSVPiBWc7S0bGP3pxfWk6bSfn6DczVNSDY0OvMza-p1K1oodDAz3SyESkpj\
        -6CIcaruJYaivy1pvoOi0mhySuATF_aH2OMhs_O3czBdJFq2Uk0Pn0ej7o4QhexlZQ
        """

    static let folderV2 = """
        ZDg6YW5ub3VuY2UyNTpodHRwOi8vMTI3LjAuMC4xL2Fubm91bmNlMTM6Y3JlYXRpb24gZGF0ZWkxNzAwMDAwMDAwZTQ6aW5mb2Q5OmZpbGUg\
        dHJlZWQ1OmEuYmluZDA6ZDY6bGVuZ3RoaTIwMDAwZTExOnBpZWNlcyByb290MzI6ThXY7Sn3TtS0lT4gVnO0tGxj96cX1pOm0n5-g3M1TUhl\
        ZTM6c3ViZDU6Yi5iaW5kMDpkNjpsZW5ndGhpNWUxMTpwaWVjZXMgcm9vdDMyOl6EbGTy2xImbmtlio5bW0LMIlQZs-4fyoisuxgd39tSZWVl\
        MTp6ZDA6ZDY6bGVuZ3RoaTBlZWVlMTI6bWV0YSB2ZXJzaW9uaTJlNDpuYW1lMTpkMTI6cGllY2UgbGVuZ3RoaTE2Mzg0ZWUxMjpwaWVjZSBs\
        YXllcnNkMzI6ThXY7Sn3TtS0lT4gVnO0tGxj96cX1pOm0n5-g3M1TUg2NDrzM2vqdStaKHQwM90shEpKY_ugiHGq7iWGor8tab6DotJockrg\
        Exf2h9jjIbPzt3MwXSRatlJND59Ho-6OEIXsZWU
        """

    @Test(
        arguments: [
            (
                oneFileHybrid, "7c731813255763e3568193b7ea22ecf7b02296f5",
                "52dc3eb6bf3650b823c86ea02a8606fe25f703dad63f9258338c3214026c5aaa"
            ),
            (
                oneFileV2, nil,
                "67de59b5bb0e81522f9ba5bfa8471003138c3ac89db3e9884b3bedaaca047735"
            ),
            (
                folderHybrid, "2f95cc9735b85f394e4209602a6a714050afa292",
                "c1c650efcabbe9d44537065a25d4e9e14e2e5942545ef41adb5d82691f6e33bc"
            ),
            (
                folderV2, nil,
                "aa9fd9c1d9e0fcc2c50490b1893f5fa2365f165e3697ad7b4abd7ea48d1813c6"
            ),
        ] as [(String, String?, String)])
    func readsThemWithTheSameHashes(text: String, v1: String?, v2: String) throws {
        let bytes = try #require(Base64URL.decode(text))
        let torrent = try Torrent(decoding: bytes)
        #expect(torrent.info.hasV1 == (v1 != nil) && torrent.info.hasV2)
        if let v1 { #expect(Hex.encode(Digest.sha1(torrent.infoBytes)) == v1) }
        #expect(Hex.encode(Digest.sha256(torrent.infoBytes)) == v2)
        #expect(torrent.announceTiers == [["http://127.0.0.1/announce"]] && torrent.creationDate == 1_700_000_000)
        #expect(torrent.encoded() == bytes)
    }

    @Test func listsTheirFiles() throws {
        let one = try Torrent(decoding: try #require(Base64URL.decode(Self.oneFileHybrid)))
        #expect(one.info.isSingleFile && one.info.files.map(\.length) == [20_480])
        #expect(one.pieceLayers.map(\.value.count) == [64])
        let folder = try Torrent(decoding: try #require(Base64URL.decode(Self.folderHybrid))).info
        #expect(folder.files.map(\.path.last) == ["a.bin", "12768", "b.bin", "16379", "z"])
        #expect(folder.contentLength == 20_005 && folder.totalLength == 49_152)
        let second = try Torrent(decoding: try #require(Base64URL.decode(Self.folderV2))).info
        #expect(second.files.map(\.path) == [["a.bin"], ["sub", "b.bin"], ["z"]])
        #expect(second.files.map(\.offset) == [0, 32_768, 32_773])
    }
}
