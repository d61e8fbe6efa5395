import Accounts
import Catalog
import HTTPTypes
import Testing

@testable import Site

@Suite struct AdminTests {
    private static let password = "the admin's own password"

    private func withAdmin(_ body: (SiteUnderTest, inout Browser) async throws -> Void) async throws {
        try await SiteUnderTest.with { site in
            try await site.accounts.changePassword(of: #require(site.users["admin"]).id, to: Self.password)
            var admin = try await site.browser(as: "admin")
            try await body(site, &admin)
        }
    }

    @Test func usersAreAddedAndChanged() async throws {
        try await withAdmin { site, admin in
            let fields = [("name", "Berta"), ("role", "publisher"), ("password", "berta has a password")]
            let refused = try await admin.post("/admin/users", fields + [("own_password", "wrong password")])
            #expect(
                refused.status == 403 && refused.text.contains("Nothing was changed")
                    && refused.text.contains("value=\"Berta\""))
            #expect(
                try await admin.post("/admin/users", fields + [("own_password", Self.password)]).location
                    == "/admin/users?saved=added")
            #expect(try await admin.post("/admin/users", fields + [("own_password", Self.password)]).status == 409)
            #expect(try await admin.get("/admin/users?saved=added").text.contains("href=\"/admin/users/Berta\""))
            let berta = try await site.accounts.user(named: "berta")
            #expect(berta.role == .publisher)
            let session = try await site.accounts.reopenSession(for: berta.id)
            let change = [("role", "viewer"), ("disabled", "1"), ("own_password", Self.password)]
            #expect(try await admin.post("/admin/users/Berta", change).location == "/admin/users?saved=changed")
            let after = try await site.accounts.user(named: "berta")
            #expect(after.role == .viewer && after.isDisabled)
            #expect(try await site.accounts.viewer(sessionToken: session.token) == nil)
            #expect(try await admin.get("/admin/users").text.contains("locked out"))
        }
    }

    @Test func theLastAdminStays() async throws {
        try await withAdmin { site, admin in
            let answer = try await admin.post(
                "/admin/users/admin", [("role", "viewer"), ("own_password", Self.password)])
            #expect(answer.status == 409 && answer.text.contains("at least one admin"))
            #expect(try await site.accounts.user(named: "admin").role == .admin)
            #expect(
                try await admin.post("/admin/users/admin", [("role", "emperor"), ("own_password", Self.password)])
                    .status == 400)
        }
    }

    @Test func settingsSayWhatIsWrongAndLoseNothing() async throws {
        try await withAdmin { site, admin in
            for (urls, limit, sentence) in [
                ("ftp://tracker.example/announce", "20", "ftp://tracker.example/announce"),
                ("", "lots", "number of GiB"), ("", "0", "number of GiB"),
                ("", "99999", "1 TiB"), ("http://127.0.0.1/x", "20", "must begin with /announce"),
            ] {
                let answer = try await admin.post(
                    "/admin/settings", [("site_name", "Films"), ("tracker_urls", urls), ("upload_limit", limit)])
                #expect(answer.status == 400 && answer.text.contains(sentence), "\(urls) \(limit)")
                #expect(answer.text.contains(">\(urls)</textarea>") && answer.text.contains("value=\"\(limit)\""))
            }
            #expect(try await site.store.settings.load().siteName == "Reelswarm")
        }
    }

    @Test func plainHTTPIsPointedOut() async throws {
        try await withAdmin { site, admin in
            #expect(try await admin.get("/admin/settings").text.contains("plain http"))
            let session = try await site.accounts.reopenSession(for: #require(site.users["admin"]).id)
            admin.isSecure = true
            admin.cookies = ["__Host-sid": session.token]
            let page = try await admin.get("/admin/settings")
            #expect(page.status == 200 && !page.text.contains("plain http"))
        }
    }

    @Test func torrentsAndPeersAreListed() async throws {
        try await withAdmin { site, admin in
            let video = try await site.publish("Sea")
            let hash = try #require(video.torrent?.infoHash.hex)
            let list = try await admin.get("/admin/torrents")
            #expect(
                list.text.contains("/admin/torrents/\(hash)") && list.text.contains("1.2 MB")
                    && list.text.contains("seeding"))
            let peers = try await admin.get("/admin/torrents/\(hash)")
            #expect(
                peers.text.contains("127.0.0.1:51413") && peers.text.contains("&lt;b&gt;Evil&lt;/b&gt;")
                    && peers.text.contains("50 %"))
            #expect(try await admin.get("/admin").status == 200)
        }
    }
}
