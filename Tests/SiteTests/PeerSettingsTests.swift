import Catalog
import Testing

@testable import Site

@Suite struct PeerSettingsTests {
    @Test func aPatchChangesOnlyWhatItNames() async throws {
        try await SiteUnderTest.with { site in
            var admin = try await site.browser(as: "admin")
            let changed = try await admin.api(.patch, "/settings", json: #"{"upload_rate":250,"super_seeding":true}"#)
            #expect(changed.status == 200)
            let json = try changed.json()
            #expect(json["upload_rate"] as? Int == 250 && json["download_rate"] as? Int == 0)
            #expect(json["super_seeding"] as? Bool == true)
            let second = try await admin.api(.patch, "/settings", json: #"{"download_rate":5}"#).json()
            #expect(second["upload_rate"] as? Int == 250 && second["download_rate"] as? Int == 5)
            let stored = try await site.store.settings.load()
            #expect(stored.peers == PeerSettings(uploadRate: 250, downloadRate: 5, superSeeding: true))
            #expect(stored.tracker == TrackerSettings())
        }
    }

    @Test(arguments: [
        (#"{"upload_rate":-1}"#, "upload_rate"), (#"{"upload_rate":10000001}"#, "upload_rate"),
        (#"{"upload_rate":"5"}"#, "upload_rate"), (#"{"upload_rate":null}"#, "upload_rate"),
        (#"{"download_rate":9223372036854775807}"#, "download_rate"), (#"{"download_rate":1.5}"#, "download_rate"),
        (#"{"super_seeding":1}"#, "super_seeding"),
    ])
    func aWrongPatchNamesItsMember(_ body: String, _ field: String) async throws {
        try await SiteUnderTest.with { site in
            var admin = try await site.browser(as: "admin")
            let refused = try await admin.api(.patch, "/settings", json: body)
            #expect(refused.status == 400 && refused.code == "invalid_\(field)", "\(refused.text)")
            #expect(try await site.store.settings.load().peers == PeerSettings())
        }
    }

    private static let form = [
        ("site_name", "Films"), ("bittorrent_enabled", "1"), ("tracker_urls", ""), ("upload_limit", "20"),
        ("upload_rate", "2,000"), ("download_rate", "1 500"), ("super_seeding", "1"),
    ]

    @Test func theFormSavesAllOfThem() async throws {
        try await SiteUnderTest.with { site in
            var admin = try await site.browser(as: "admin")
            #expect(try await admin.post("/admin/settings", Self.form).location == "/admin/settings?saved=1")
            #expect(
                try await site.store.settings.load().peers
                    == PeerSettings(uploadRate: 2000, downloadRate: 1500, superSeeding: true))
            let page = try await admin.get("/admin/settings").text
            #expect(page.contains(#"name="upload_rate" value="2000""#))
            #expect(page.contains(#"name="super_seeding" value="1" checked"#))
            // An unticked box is not sent; an empty rate is no limit, and stands in the form as empty.
            let second = Self.form.dropLast().map { $0.0 == "upload_rate" ? ($0.0, " ") : $0 }
            _ = try await admin.post("/admin/settings", second)
            #expect(try await site.store.settings.load().peers == PeerSettings(downloadRate: 1500))
            #expect(try await admin.get("/admin/settings").text.contains(#"name="upload_rate" value="""#))
        }
    }

    /// A script that sends only what it knows must not reset the rest.
    @Test func fieldsThatAreNotSentStay() async throws {
        try await SiteUnderTest.with { site in
            var admin = try await site.browser(as: "admin")
            _ = try await admin.post("/admin/settings", Self.form)
            _ = try await admin.post("/admin/settings", Array(Self.form.prefix(4)))
            #expect(
                try await site.store.settings.load().peers
                    == PeerSettings(uploadRate: 2000, downloadRate: 1500, superSeeding: true))
        }
    }

    @Test(arguments: [
        ("upload_rate", "fast"), ("upload_rate", "-5"), ("upload_rate", "1.5"), ("upload_rate", "1234567890"),
        ("download_rate", "10000001"), ("download_rate", "٣٣٣"),
    ])
    func aWrongFieldIsMarkedAndNothingIsLost(_ name: String, _ value: String) async throws {
        try await SiteUnderTest.with { site in
            var admin = try await site.browser(as: "admin")
            let form = Self.form.map { $0.0 == name ? (name, value) : $0 }
            let answer = try await admin.post("/admin/settings", form)
            #expect(answer.status == 400)
            #expect(answer.text.components(separatedBy: #"aria-invalid="true""#).count == 2, "\(name) \(value)")
            #expect(answer.text.contains("name=\"\(name)\" value=\"\(value)\""))
            #expect(answer.text.contains(#"name="super_seeding" value="1" checked"#))
            #expect(try await site.store.settings.load().siteName == "Reelswarm")
        }
    }
}
