import HTTPTypes
import Testing

@testable import Site

@Suite struct MediaTests {
    @Test func bothAddressesGiveTheSameBytes() async throws {
        try await SiteUnderTest.with { site in
            let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
            try await site.publish("Sea", bytes: bytes, fileName: "päivä 1.mp4")
            var visitor = try await site.browser()
            let whole = try await visitor.get("/videos/sea/media")
            #expect(whole.status == 200 && whole.body == bytes)
            for path in ["/videos/sea/media/", "/videos/sea/media/p%C3%A4iv%C3%A4%201.mp4"] {
                let same = try await visitor.get(path)
                #expect(same.status == 200 && same.body == bytes && same.headers[.eTag] == whole.headers[.eTag])
            }
            for path in ["/videos/sea/media/other.mp4", "/videos/sea/media/a/b", "/videos/sea/media/..%2fmedia"] {
                #expect(try await visitor.get(path).status == 404, "\(path)")
            }
            let part = try await visitor.get("/videos/sea/media/", [.range: "bytes=990-1990"])
            #expect(part.status == 206 && part.body == Array(bytes[990...]))
            #expect(part.headers[.contentRange] == "bytes 990-999/1000")
            #expect(try await visitor.get("/videos/sea/media", [.range: "bytes=1000-"]).status == 416)
            let tag = try #require(whole.headers[.eTag])
            #expect(try await visitor.get("/videos/sea/media", [.ifNoneMatch: tag]).status == 304)
        }
    }

    /// HAZARDS S15: the type is ours, and the file is shut in.
    @Test func theFileCannotActAsAPage() async throws {
        try await SiteUnderTest.with { site in
            try await site.publish("Page", bytes: Array("<script>alert(1)</script>".utf8), fileName: "page.html")
            var visitor = try await site.browser()
            let answer = try await visitor.get("/videos/page/media")
            #expect(answer.headers[.contentType] == "video/mp4")
            #expect(answer.headers[.xContentTypeOptions] == "nosniff")
            #expect(answer.headers[.contentSecurityPolicy]?.hasSuffix("; sandbox") == true)
            #expect(answer.headers[.contentDisposition] == "inline; filename=\"page.html\"")
            let download = try await visitor.get("/videos/page/media?download=1")
            #expect(download.headers[.contentDisposition] == "attachment; filename=\"page.html\"")
        }
    }

    @Test func thePictureFollows() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.publish("Sea")
            var visitor = try await site.browser()
            #expect(try await visitor.get("/videos/sea/thumbnail.jpg").status == 404)
            try await site.store.media.setThumbnail([0xFF, 0xD8, 0xFF, 1], of: video.media.id)
            let picture = try await visitor.get("/videos/sea/thumbnail.jpg")
            #expect(picture.status == 200 && picture.body == [0xFF, 0xD8, 0xFF, 1])
            #expect(picture.headers[.contentType] == "image/jpeg")
            let tag = try #require(picture.headers[.eTag])
            #expect(try await visitor.get("/videos/sea/thumbnail.jpg", [.ifNoneMatch: tag]).status == 304)
            #expect(try await visitor.get("/videos/sea").text.contains("poster=\"/videos/sea/thumbnail.jpg\""))
            #expect(try await visitor.get("/").text.contains("<img src=\"/videos/sea/thumbnail.jpg\""))
        }
    }
}
