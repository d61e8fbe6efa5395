import Accounts
import HTTPTypes
import Testing

@testable import Site

@Suite struct LoginTests {
    private static let password = "correct horse battery"

    private func withAda(_ body: (SiteUnderTest, inout Browser) async throws -> Void) async throws {
        try await SiteUnderTest.with { site in
            _ = try await site.accounts.createUser(name: "ada", password: Self.password, role: .publisher)
            var browser = try await site.browser()
            let page = try await browser.get("/login?next=/upload")
            browser.csrf = try #require(page.hiddenField("csrf"))
            #expect(page.hiddenField("next") == "/upload")
            try await body(site, &browser)
        }
    }

    @Test func logsInAndOut() async throws {
        try await withAda { site, browser in
            #expect(browser.csrf.utf8.count == 43)
            let wrong = try await browser.post("/login", [("name", "ada"), ("password", "wrong password")])
            #expect(wrong.status == 401)
            #expect(wrong.text.contains("The user name or the password is wrong."))
            #expect(wrong.text.contains("value=\"ada\""))
            browser.cookies["sid"] = String(repeating: "A", count: 43)
            let answer = try await browser.post(
                "/login", [("name", "ada"), ("password", Self.password), ("next", "/upload")])
            #expect(answer.status == 303 && answer.location == "/upload")
            let cookie = try #require(answer.headers[values: .setCookie].first { $0.hasPrefix("sid=") })
            #expect(cookie.contains("; Path=/;") && cookie.contains("; HttpOnly; SameSite=Lax"))
            #expect(!cookie.contains("Secure") && !cookie.contains("Domain"))
            #expect(browser.cookies["sid"] != String(repeating: "A", count: 43))
            #expect(browser.cookies["sid"]?.utf8.count == 43)
            let page = try await browser.get("/upload")
            #expect(page.status == 200)
            let old = browser
            browser.csrf = try #require(page.hiddenField("csrf"))
            #expect(try await browser.post("/logout").location == "/")
            #expect(browser.cookies["sid"] == nil)
            var replay = old
            #expect(try await replay.get("/upload").location == "/login?next=%2Fupload")
        }
    }

    @Test func overTLSTheCookieIsBoundToTheHost() async throws {
        try await withAda { site, browser in
            browser.isSecure = true
            browser.csrf = try #require(try await browser.get("/login").hiddenField("csrf"))
            #expect(browser.cookies["__Host-form"] == browser.csrf)
            let answer = try await browser.post("/login", [("name", "ada"), ("password", Self.password)])
            let cookie = try #require(answer.headers[values: .setCookie].first { $0.hasPrefix("__Host-sid=") })
            #expect(cookie.contains("; Path=/;") && cookie.contains("; Secure; HttpOnly; SameSite=Lax"))
            #expect(!cookie.contains("Domain"))
            #expect(try await browser.get("/upload").status == 200)
            // The cookie of plain http does not count over TLS, and the other way round.
            browser.isSecure = false
            #expect(try await browser.get("/upload").status == 303)
        }
    }

    @Test(arguments: ["//evil", "https:evil", "\\\\evil", "/\\evil", "https://evil/"])
    func neverGoesToAnotherSite(_ next: String) async throws {
        try await withAda { site, browser in
            let answer = try await browser.post(
                "/login", [("name", "ada"), ("password", Self.password), ("next", next)])
            #expect(answer.location == "/")
        }
    }

    @Test func theFormNeedsItsCookie() async throws {
        try await withAda { site, browser in
            var stranger = try await site.browser()
            stranger.csrf = browser.csrf
            #expect(try await stranger.post("/login", [("name", "ada"), ("password", Self.password)]).status == 403)
            #expect(
                try await browser.post("/login", [("name", "ada"), ("password", Self.password)], csrf: .none).status
                    == 403)
            #expect(
                try await browser.post(
                    "/login", [("name", "ada"), ("password", Self.password)], [.origin: "https://evil.example"]
                ).status == 403)
        }
    }

    @Test func guessingIsSlowedDown() async throws {
        try await withAda { site, browser in
            var last = 0
            for _ in 0..<12 {
                let answer = try await browser.post("/login", [("name", "ada"), ("password", "wrong password")])
                last = answer.status
                if last == 429 { #expect(answer.headers[.retryAfter] != nil) }
            }
            #expect(last == 429)
        }
    }

    @Test func aTokenForNameAndPassword() async throws {
        try await withAda { site, browser in
            let wrong = try await browser.api(.post, "/sessions", json: #"{"username":"ada","password":"nope nope"}"#)
            #expect(wrong.status == 401 && wrong.code == "wrong_credentials")
            #expect(wrong.headers[.contentType] == "application/problem+json")
            let answer = try await browser.api(
                .post, "/sessions", json: #"{"username":"ada","password":"\#(Self.password)"}"#)
            #expect(answer.status == 200)
            browser.bearer = try #require(try answer.json()["token"] as? String)
            #expect(try await browser.api(.patch, "/videos/1", json: "{}").status == 404)
            let extra = try await browser.api(
                .post, "/sessions", json: #"{"username":"ada","password":"x","role":"admin"}"#)
            #expect(extra.status == 400 && extra.code == "unknown_member")
            browser.bearer = "rs_" + String(repeating: "A", count: 43)
            #expect(try await browser.api(.get, "/videos").status == 401)
        }
    }

    @Test func changesOnesOwnPassword() async throws {
        try await withAda { site, browser in
            _ = try await browser.post("/login", [("name", "ada"), ("password", Self.password)])
            browser.csrf = try #require(try await browser.get("/account").hiddenField("csrf"))
            var elsewhere = browser
            let short = try await browser.post(
                "/account/password", [("current", Self.password), ("password", "short")])
            #expect(short.status == 400 && short.text.contains("at least 8"))
            let wrong = try await browser.post(
                "/account/password", [("current", "wrong one"), ("password", "a new password")])
            #expect(wrong.status == 401)
            let done = try await browser.post(
                "/account/password", [("current", Self.password), ("password", "a new password")])
            #expect(done.location == "/account?saved=1")
            #expect(try await browser.get("/account?saved=1").text.contains("Your password is changed."))
            #expect(try await elsewhere.get("/account").status == 303)
        }
    }
}
