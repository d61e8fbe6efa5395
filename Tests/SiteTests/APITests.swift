import Foundation
import HTTPTypes
import Testing

@testable import Site

@Suite struct APITests {
    @Test func aVideoHasTheMembersOfTheContract() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.publish("Sea", description: "Waves", tags: ["sea"])
            var visitor = try await site.browser()
            let json = try await visitor.api(.get, "/videos/\(video.id)").json()
            #expect(
                Set(json.keys) == [
                    "id", "slug", "title", "description", "tags", "state", "duration", "width", "height", "size",
                    "media_type",
                    "created_at", "published_at", "torrent", "swarm", "links", "owner",
                ])
            #expect(json["id"] as? Int64 == video.id.rawValue && json["state"] as? String == "published")
            #expect(json["tags"] as? [String] == ["sea"] && json["duration"] as? Double == 62.4)
            #expect((json["published_at"] as? String)?.hasSuffix("Z") == true)
            let torrent = try #require(json["torrent"] as? [String: Any])
            #expect(
                Set(torrent.keys) == ["infohash_v1", "infohash_v2", "piece_length", "piece_count", "url", "magnet"])
            #expect(
                torrent["infohash_v1"] as? String == video.torrent?.infoHash.hex && torrent["infohash_v2"] is NSNull)
            let links = try #require(json["links"] as? [String: Any])
            #expect(
                links["media"] as? String == "http://films.example/videos/sea/media" && links["thumbnail"] is NSNull)
            let list = try await visitor.api(.get, "/videos?q=sea&tag=sea&per_page=1").json()
            #expect((list["videos"] as? [Any])?.count == 1 && list["total"] as? Int == 1 && list["pages"] as? Int == 1)
        }
    }

    @Test func patchesOnlyWhatIsSent() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.publish("Sea", description: "Waves", tags: ["sea"])
            var owner = try await site.browser(as: "publisher")
            let answer = try await owner.api(.patch, "/videos/\(video.id)", json: #"{"title":"Ocean"}"#)
            let json = try answer.json()
            #expect(json["title"] as? String == "Ocean" && json["description"] as? String == "Waves")
            #expect(json["slug"] as? String == "sea" && json["tags"] as? [String] == ["sea"])
            for (body, code) in [
                (#"{"owner_id":1}"#, "unknown_member"), (#"{"title":7}"#, "invalid_title"),
                (#"{"title":""}"#, "invalid_title"),
                (#"{"tags":"a"}"#, "invalid_tags"), (#"{"tags":[1]}"#, "invalid_tags"),
                (#"{"title":null}"#, "invalid_title"),
                ("[]", "bad_json"), ("{", "bad_json"), ("", "bad_json"), (#"{"title":"\ud800"}"#, "invalid_title"),
                (#"{"title":"a\u0000b"}"#, "invalid_title"), (#"{"description":"a\u0000b"}"#, "invalid_description"),
                (String(repeating: "[", count: 100_000), "bad_json"),
                (#"{"title":"\#(String(repeating: "x", count: 201))"}"#, "invalid_title"),
            ] {
                let refused = try await owner.api(.patch, "/videos/\(video.id)", json: body)
                #expect(refused.status == 400 && refused.code == code, "\(body.prefix(40)): \(refused.text)")
                #expect(refused.headers[.contentType] == "application/problem+json")
            }
            let plain = try await owner.api(.patch, "/videos/\(video.id)", json: "{}", [.contentType: "text/plain"])
            #expect(plain.status == 415)
            let huge = "{\"title\":\"\(String(repeating: "x", count: 1 << 20))\"}"
            #expect(try await owner.api(.patch, "/videos/\(video.id)", json: huge).status == 413)
            #expect(try await site.store.videos.video(id: video.id)?.title == "Ocean")
        }
    }

    /// HAZARDS D12.
    @Test(arguments: [
        "0", "-1", "2147483648", "9223372036854775808", "1e3", "1;", "00000000-0000-0000-0000-000000000000",
        "%27%20OR%201=1--",
    ])
    func numbersThatAreNone(_ id: String) async throws {
        try await SiteUnderTest.with { site in
            try await site.publish("Sea")
            var owner = try await site.browser(as: "admin")
            #expect(try await owner.api(.get, "/videos/" + id).status == 404)
            #expect(try await owner.api(.delete, "/videos/" + id).status == 404)
            #expect(try await owner.api(.get, "/videos?page=" + id).status == (id == "2147483648" ? 400 : 400))
        }
    }

    @Test func takesDownRestoresAndDeletes() async throws {
        try await SiteUnderTest.with { site in
            let video = try await site.publish("Sea")
            var owner = try await site.browser(as: "publisher")
            let path = "/videos/\(video.id)"
            let down = try await owner.api(.post, path + "/takedown", json: #"{"reason":"rights"}"#)
            #expect(down.status == 200)
            #expect(try down.json()["state"] as? String == "taken_down")
            #expect(try down.json()["torrent"] is NSNull)
            #expect(try await owner.api(.post, path + "/takedown").status == 200)
            var visitor = try await site.browser()
            let gone = try await visitor.api(.get, path)
            #expect(gone.status == 410 && gone.code == "taken_down")
            #expect(try await owner.api(.post, path + "/restore").json()["state"] as? String == "published")
            #expect(try await owner.api(.delete, path).status == 204)
            #expect(try await owner.api(.get, path).status == 404)
        }
    }

    /// The tracker's members with the values of a new site.
    private static let tracker =
        #""tracker_address_limit":64,"tracker_hand_out":"mixed","tracker_interval":900,"tracker_log":true,"#
        + #""tracker_maximum_peers":50,"tracker_minimum_interval":60,"tracker_peers":30,"tracker_swarm_limit":50000"#

    @Test func settingsAreReadAndChanged() async throws {
        try await SiteUnderTest.with { site in
            var admin = try await site.browser(as: "admin")
            #expect(
                try await admin.api(.get, "/settings").text
                    == #"{"bittorrent_enabled":true,"download_rate":0,"site_name":"Reelswarm","super_seeding":false,"#
                    + #""torrent_format":"v1",\#(Self.tracker),"#
                    + #""tracker_urls":[],"upload_limit":21474836480,"upload_rate":0}"#
            )
            let changed = try await admin.api(
                .patch, "/settings", json: #"{"tracker_urls":[["udp://a.example:1/announce"]],"upload_limit":1048576}"#)
            #expect(
                changed.text
                    == #"{"bittorrent_enabled":true,"download_rate":0,"site_name":"Reelswarm","super_seeding":false,"#
                    + #""torrent_format":"v1",\#(Self.tracker),"#
                    + #""tracker_urls":[["udp://a.example:1/announce"]],"upload_limit":1048576,"upload_rate":0}"#
            )
            for body in [
                #"{"tracker_urls":[["ftp://a.example/announce"]]}"#, #"{"tracker_urls":["udp://a:1"]}"#,
                #"{"upload_limit":1}"#, #"{"upload_limit":1.5}"#,
                #"{"upload_limit":99999999999999999999}"#, #"{"bittorrent_enabled":"yes"}"#,
                #"{"tracker_urls":[["http://127.0.0.1/x"]]}"#, #"{"site_name":""}"#, #"{"torrent_format":"v3"}"#,
                #"{"torrent_format":2}"#,
            ] {
                let refused = try await admin.api(.patch, "/settings", json: body)
                #expect(refused.status == 400, "\(body)")
                #expect((try refused.json()["detail"] as? String)?.hasSuffix(".") == true, "\(body)")
            }
        }
    }
}
