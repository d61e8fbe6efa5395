import Accounts
import Cryptography
import Logging
import Testing

@testable import Site

@Suite struct SetupTests {
    @Test func theLinkOfASiteWithUsersIsClosed() async throws {
        try await SiteUnderTest.with { site in
            var browser = try await site.browser()
            for target in ["/setup", "/setup?token=wrong", "/setup?token=" + String(repeating: "A", count: 43)] {
                let answer = try await browser.get(target)
                #expect(answer.status == 403)
                #expect(!answer.text.contains("id=\"setup\""))
            }
        }
    }

    @Test func theFirstAdminIsMadeOnce() async throws {
        try await SiteUnderTest.withoutUsers { site in
            var browser = try await site.browser()
            #expect(try await browser.get("/").text.contains("one-time set-up link"))
            let token = try #require(try await site.accounts.makeSetupToken())
            let page = try await browser.get("/setup?token=\(token)")
            #expect(page.status == 200)
            browser.csrf = try #require(page.hiddenField("csrf"))
            let weak = try await browser.post("/setup", [("token", token), ("name", "ada"), ("password", "short")])
            #expect(weak.status == 400 && weak.text.contains("at least 8") && weak.text.contains("value=\"ada\""))
            let done = try await browser.post(
                "/setup", [("token", token), ("name", "ada"), ("password", "a long enough one")])
            #expect(done.status == 303)
            #expect(try await browser.get("/admin").status == 200)
            var second = try await site.browser()
            #expect(try await second.get("/setup?token=\(token)").status == 403)
        }
    }
}
