import HTTPTypes
import Testing

@testable import Site

@Suite struct EmbedTests {
    @Test func onlyEmbedsMayBeFramed() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.film("Sea")
            try await site.saveClip("Wave", of: video)
            var owner = try await site.browser(as: "publisher")
            for address in ["/videos/sea/embed", "/clips/wave/embed"] {
                let page = try await owner.get(address)
                #expect(page.status == 200)
                let policy = try #require(page.headers[.contentSecurityPolicy])
                #expect(policy.contains("frame-ancestors *") && policy.contains("form-action 'none'"))
                #expect(policy.contains("default-src 'self'"))
                // They know nobody: no form, no token, no name of whoever is logged in.
                for text in ["<form", "csrf", owner.csrf, "Log out", "publisher"] {
                    #expect(!page.text.contains(text), "\(address) has \(text)")
                }
                #expect(page.headers[values: .setCookie].isEmpty)
            }
            #expect(try await owner.get("/clips/wave/embed").text.contains("src=\"/videos/sea/media#t=2,5\""))
            #expect(try await owner.get("/clips/wave/embed").text.contains("href=\"http://films.example/clips/wave\""))
            for address in ["/clips/wave", "/videos/sea", "/", "/clips/none", "/videos/sea/clip.mp4?start=1&end=2"] {
                let policy = try await owner.get(address).headers[.contentSecurityPolicy]
                #expect(policy?.contains("frame-ancestors 'none'") == true, "\(address)")
            }
            let none = try await owner.get("/clips/none/embed")
            #expect(none.status == 404 && none.text.contains("There is no such clip."))
            _ = try await owner.post("/videos/sea/takedown")
            let gone = try await owner.get("/clips/wave/embed")
            #expect(gone.status == 410 && gone.text.contains("has been taken down") && !gone.text.contains("Wave"))
            #expect(gone.headers[.contentSecurityPolicy]?.contains("frame-ancestors *") == true)
        }
    }
}
