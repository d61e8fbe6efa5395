import Catalog
import Testing

@testable import Site

@Suite struct TrackerSettingsTests {
    @Test func aPatchChangesOnlyWhatItNames() async throws {
        try await SiteUnderTest.with { site in
            var admin = try await site.browser(as: "admin")
            let changed = try await admin.api(
                .patch, "/settings", json: #"{"tracker_interval":60,"tracker_hand_out":"random","tracker_log":false}"#)
            #expect(changed.status == 200)
            let json = try changed.json()
            #expect(json["tracker_interval"] as? Int == 60 && json["tracker_hand_out"] as? String == "random")
            #expect(json["tracker_log"] as? Bool == false && json["tracker_minimum_interval"] as? Int == 60)
            let second = try await admin.api(.patch, "/settings", json: #"{"tracker_peers":5}"#).json()
            #expect(second["tracker_interval"] as? Int == 60 && second["tracker_peers"] as? Int == 5)
            let stored = try await site.store.settings.load().tracker
            #expect(stored.interval == 60 && stored.peersPerAnswer == 5 && stored.handOut == .random)
            #expect(!stored.logsAnnounces && stored.peersPerSwarm == TrackerSettings().peersPerSwarm)
        }
    }

    @Test(arguments: [
        (#"{"tracker_interval":9}"#, "tracker_interval"), (#"{"tracker_interval":14401}"#, "tracker_interval"),
        (#"{"tracker_interval":"900"}"#, "tracker_interval"), (#"{"tracker_interval":null}"#, "tracker_interval"),
        (#"{"tracker_interval":9223372036854775807}"#, "tracker_interval"),
        (#"{"tracker_minimum_interval":901}"#, "tracker_minimum_interval"),
        (#"{"tracker_maximum_peers":81}"#, "tracker_maximum_peers"), (#"{"tracker_peers":51}"#, "tracker_peers"),
        (#"{"tracker_swarm_limit":1}"#, "tracker_swarm_limit"),
        (#"{"tracker_address_limit":-1}"#, "tracker_address_limit"),
        (#"{"tracker_hand_out":"fastest"}"#, "tracker_hand_out"), (#"{"tracker_hand_out":1}"#, "tracker_hand_out"),
        (#"{"tracker_log":1}"#, "tracker_log"),
    ])
    func aWrongPatchNamesItsMember(_ body: String, _ field: String) async throws {
        try await SiteUnderTest.with { site in
            var admin = try await site.browser(as: "admin")
            let refused = try await admin.api(.patch, "/settings", json: body)
            #expect(refused.status == 400 && refused.code == "invalid_\(field)", "\(refused.text)")
            #expect(try await site.store.settings.load().tracker == TrackerSettings())
        }
    }

    private static let form = [
        ("site_name", "Films"), ("bittorrent_enabled", "1"), ("tracker_urls", ""), ("upload_limit", "20"),
        ("tracker_interval", "1,800"), ("tracker_minimum_interval", "30"), ("tracker_peers", "20"),
        ("tracker_maximum_peers", "40"), ("tracker_swarm_limit", "1 000"), ("tracker_address_limit", "0"),
        ("tracker_hand_out", "uploaders"), ("tracker_log", "1"),
    ]

    @Test func theFormSavesAllOfThem() async throws {
        try await SiteUnderTest.with { site in
            var admin = try await site.browser(as: "admin")
            #expect(try await admin.post("/admin/settings", Self.form).location == "/admin/settings?saved=1")
            #expect(
                try await site.store.settings.load().tracker
                    == TrackerSettings(
                        interval: 1800, minimumInterval: 30, peersPerAnswer: 20, maximumPeersPerAnswer: 40,
                        peersPerSwarm: 1000, peersPerAddress: 0, handOut: .uploaders, logsAnnounces: true))
            // An unticked box is not sent.
            _ = try await admin.post("/admin/settings", Self.form.dropLast())
            #expect(try await site.store.settings.load().tracker.logsAnnounces == false)
            let page = try await admin.get("/admin/settings?saved=1").text
            #expect(page.contains(#"name="tracker_interval" value="1800""#) && page.contains("Saved."))
            #expect(page.contains(#"<option value="uploaders" selected>"#))
        }
    }

    /// A script that sends only what it knows must not reset the rest.
    @Test func fieldsThatAreNotSentStay() async throws {
        try await SiteUnderTest.with { site in
            var admin = try await site.browser(as: "admin")
            _ = try await admin.post("/admin/settings", Self.form.dropLast())
            _ = try await admin.post("/admin/settings", Array(Self.form.prefix(4)))
            let tracker = try await site.store.settings.load().tracker
            #expect(tracker.interval == 1800 && tracker.handOut == .uploaders && !tracker.logsAnnounces)
        }
    }

    @Test(arguments: [
        ("tracker_interval", "soon"), ("tracker_interval", ""), ("tracker_interval", "-5"),
        ("tracker_interval", "1234567890"), ("tracker_interval", "5"), ("tracker_minimum_interval", "4000"),
        ("tracker_peers", "41"), ("tracker_maximum_peers", "0"), ("tracker_swarm_limit", "٣٣٣"),
        ("tracker_address_limit", "65536"), ("tracker_hand_out", "x"),
    ])
    func aWrongFieldIsMarkedAndNothingIsLost(_ name: String, _ value: String) async throws {
        try await SiteUnderTest.with { site in
            var admin = try await site.browser(as: "admin")
            let form = Self.form.map { $0.0 == name ? (name, value) : $0 }
            let answer = try await admin.post("/admin/settings", form)
            #expect(answer.status == 400)
            #expect(answer.text.components(separatedBy: #"aria-invalid="true""#).count == 2, "\(name) \(value)")
            if name != "tracker_hand_out" {
                #expect(answer.text.contains("name=\"\(name)\" value=\"\(value)\""))
            }
            #expect(answer.text.contains(#"name="site_name" value="Films""#))
            #expect(try await site.store.settings.load().siteName == "Reelswarm")
        }
    }
}
