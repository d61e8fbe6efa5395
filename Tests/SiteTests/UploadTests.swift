import Foundation
import HTTPTypes
import Publishing
import Store
import Testing

@testable import Site

/// Uploads through the real way in, with the real worker.
@Suite struct UploadTests {
    private static let film = TestFilm.mp4

    @Test func aFormPublishesWithoutScripts() async throws {
        try await SiteUnderTest.with { site in
            var owner = try await site.browser(as: "publisher")
            #expect(try await owner.get("/upload").text.contains("enctype=\"multipart/form-data\""))
            let answer = try await owner.multipart(
                "/upload",
                [
                    .init("csrf", owner.csrf), .init("title", ""), .init("description", "Waves"),
                    .init("tags", "sea, noise"),
                    .init("file", file: Self.film, named: "Noise_of the Sea.mp4"),
                ])
            #expect(answer.status == 303 && answer.location == "/videos/noise-of-the-sea", "\(answer.text)")
            #expect(try await owner.get("/videos/noise-of-the-sea").text.contains("<h1>Noise of the Sea</h1>"))
            #expect(try await owner.get("/videos/noise-of-the-sea/media").body == Self.film)
        }
    }

    @Test func aScriptGetsTheVideo() async throws {
        try await SiteUnderTest.with { site in
            var owner = try await site.browser(as: "publisher")
            let answer = try await owner.multipart(
                "/upload",
                [.init("csrf", owner.csrf), .init("title", "Sea"), .init("file", file: Self.film, named: "a.mp4")],
                [.accept: "application/json"])
            #expect(answer.status == 201)
            #expect(
                (try answer.json()["links"] as? [String: Any])?["page"] as? String == "http://films.example/videos/sea")
            let refused = try await owner.multipart(
                "/upload",
                [
                    .init("csrf", owner.csrf), .init("title", "X"),
                    .init("file", file: Array("no film".utf8), named: "a.mp4"),
                ],
                [.accept: "application/json"])
            #expect(refused.status == 422 && refused.code == "not_a_video")
        }
    }

    @Test func theTokenComesFirst() async throws {
        try await SiteUnderTest.with { site in
            var owner = try await site.browser(as: "publisher")
            let file = Browser.Part("file", file: Self.film, named: "a.mp4")
            for parts in [
                [file, .init("csrf", owner.csrf)], [.init("title", "X"), .init("csrf", owner.csrf), file],
                [.init("csrf", "wrong"), file], [file], [],
                [Browser.Part("csrf", file: Array(owner.csrf.utf8), named: "x"), file],
            ] as [[Browser.Part]] {
                #expect(try await owner.multipart("/upload", parts).status == 403)
            }
            #expect(
                try await owner.multipart(
                    "/upload", [.init("csrf", owner.csrf), file], [.origin: "https://evil.example"]
                ).status == 403)
            #expect(try await site.store.videos.all().total == 0)
        }
    }

    @Test func theAPIPublishesOncePerKey() async throws {
        try await SiteUnderTest.with { site in
            var owner = try await site.browser(as: "publisher")
            let key: HTTPFields = [
                .authorization: "Bearer \(try #require(owner.bearer))", .init("Idempotency-Key")!: "one",
            ]
            let parts: [Browser.Part] = [
                .init("title", "Sea"), .init("tags", "a,b"), .init("file", file: Self.film, named: "a.mp4"),
            ]
            let first = try await owner.multipart("/api/v1/videos", parts, key)
            #expect(first.status == 201, "\(first.text)")
            let id = try #require(try first.json()["id"] as? Int)
            #expect(first.headers[.location] == "/api/v1/videos/\(id)")
            let second = try await owner.multipart("/api/v1/videos", parts, key)
            #expect(second.status == 201)
            #expect(try second.json()["id"] as? Int == id)
            #expect(try await site.store.videos.all().total == 1)
            var bad = key
            // Those of the server's own work are not for clients.
            for wrong in ["with space", "clip-1", "import-1"] {
                bad[.init("Idempotency-Key")!] = wrong
                #expect(try await owner.multipart("/api/v1/videos", parts, bad).status == 400)
            }
        }
    }

    @Test func whatIsWrongIsSaidAndNothingIsLeft() async throws {
        try await SiteUnderTest.with { site in
            var owner = try await site.browser(as: "publisher")
            let bearer: HTTPFields = [.authorization: "Bearer \(try #require(owner.bearer))"]
            let file = Browser.Part("file", file: Self.film, named: "a.mp4")
            for (parts, status, code) in [
                ([.init("role", "admin"), file], 400, "unknown_field"),
                ([file, .init("owner_id", "1")], 400, "unknown_field"),
                ([.init("title", "a"), .init("title", "b"), file], 400, "repeated_field"),
                ([file, file], 400, "two_files"), ([.init("title", "a")], 400, "no_file"),
                ([Browser.Part("file", file: Self.film, named: "")], 400, "no_file"),
                ([.init("title", String(repeating: "x", count: 201)), file], 400, "invalid_title"),
                ([file, .init("title", String(repeating: "x", count: 201))], 400, "invalid_title"),
                ([.init("title", String(repeating: "x", count: 70_000)), file], 413, "field_too_large"),
                ([Browser.Part("file", file: [], named: "a.mp4")], 422, "empty_file"),
                ([Browser.Part("file", file: Array("<html>".utf8), named: "a.mp4")], 422, "not_a_video"),
            ] as [([Browser.Part], Int, String)] {
                let answer = try await owner.multipart("/api/v1/videos", parts, bearer)
                #expect(answer.status == status && answer.code == code, "\(code): \(answer.text)")
            }
            #expect(try await site.store.videos.all().total == 0)
        }
    }

    @Test func tooLargeIsRefusedBeforeAndWhileReading() async throws {
        try await SiteUnderTest.with { site in
            var owner = try await site.browser(as: "admin")
            #expect(try await owner.api(.patch, "/settings", json: #"{"upload_limit":1048576}"#).status == 200)
            let film = Self.film + [UInt8](repeating: 0, count: 1_100_000)
            let parts: [Browser.Part] = [.init("csrf", owner.csrf), .init("file", file: film, named: "a.mp4")]
            let crossed = try await owner.multipart("/upload", parts)
            #expect(crossed.status == 413 && crossed.text.contains("1 MiB"))
            let large: [Browser.Part] = [
                .init("csrf", "not even looked at"), .init("file", file: film + film, named: "a.mp4"),
            ]
            let refused = try await owner.multipart("/upload", large)
            #expect(refused.status == 413 && refused.text.contains("1 MiB"))
            #expect(try await site.store.videos.all().total == 0)
        }
    }

    @Test func brokenFormsAreRefused() async throws {
        try await SiteUnderTest.with { site in
            var owner = try await site.browser(as: "publisher")
            let bearer = "Bearer \(try #require(owner.bearer))"
            for (type, body, status) in [
                ("multipart/form-data", "", 400),
                ("multipart/form-data; boundary=\(String(repeating: "x", count: 71))", "", 400),
                ("multipart/form-data; boundary=B", "--B\r\n", 400),
                ("multipart/form-data; boundary=B", "garbage", 400), ("text/plain", "x", 415),
                (
                    "multipart/form-data; boundary=B",
                    "--B\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n\u{FF}", 400
                ),
            ] {
                let answer = try await owner.send(
                    .post, "/api/v1/videos", [.authorization: bearer, .contentType: type], body: Array(body.utf8))
                #expect(answer.status == status, "\(type) \(body)")
            }
        }
    }
}

/// A second of moving picture, made once by ffmpeg.
enum TestFilm {
    static let mp4: [UInt8] = {
        let output = FileManager.default.temporaryDirectory.appending(path: "film-\(UUID().uuidString).mp4")
        defer { try? FileManager.default.removeItem(at: output) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc=size=320x240:rate=10:duration=1", "-c:v",
            "mpeg4", "-threads", "1",
            "-bitexact", "-y", output.path(),
        ]
        do {
            try process.run()
            process.waitUntilExit()
            return [UInt8](try Data(contentsOf: output))
        } catch {
            return []
        }
    }()
}
