import Foundation
import HTTPTypes
import Testing
import WebServer

@testable import Site

/// Who may use which route, as a table (HAZARDS S11): what each of the five kinds of people gets.
@Suite struct AccessTests {
    /// none, viewer, publisher (the owner), another publisher, admin.
    private static let people = ["-", "viewer", "publisher", "other", "admin"]

    /// Method, address, and the five answers. `{v}` is the slug of a published video, `{t}` of one that is taken down,
    /// `{i}` and `{j}` are their numbers, `{c}` and `{d}` the slugs of a clip of each, `{k}` and `{l}` the clips' numbers.
    /// Forms carry a right token, the API a right bearer token, both no other field.
    private static let matrix: [(String, String, [Int])] = [
        ("GET", "/", [200, 200, 200, 200, 200]),
        ("GET", "/login", [200, 303, 303, 303, 303]),
        ("GET", "/setup", [403, 403, 403, 403, 403]),
        ("GET", "/account", [303, 200, 200, 200, 200]),
        ("GET", "/upload", [303, 403, 200, 200, 200]),
        ("GET", "/imports", [303, 403, 200, 200, 200]),
        ("FORM", "/imports", [401, 403, 415, 415, 415]),
        ("FORM", "/imports/1/choose", [401, 403, 400, 400, 400]),
        ("FORM", "/imports/1/cancel", [401, 403, 404, 404, 404]),
        ("FORM", "/imports/1/retry", [401, 403, 404, 404, 404]),
        ("GET", "/api/v1/imports", [401, 403, 200, 200, 200]),
        ("POST", "/api/v1/imports", [401, 403, 400, 400, 400]),
        ("GET", "/api/v1/imports/1", [401, 403, 404, 404, 404]),
        ("POST", "/api/v1/imports/1/choose", [401, 403, 400, 400, 400]),
        ("POST", "/api/v1/imports/1/cancel", [401, 403, 404, 404, 404]),
        ("POST", "/api/v1/imports/1/retry", [401, 403, 404, 404, 404]),
        ("GET", "/videos/{v}", [200, 200, 200, 200, 200]),
        ("GET", "/videos/{t}", [410, 410, 200, 410, 200]),
        ("GET", "/videos/none", [404, 404, 404, 404, 404]),
        ("GET", "/videos/{v}/edit", [303, 403, 200, 403, 200]),
        ("GET", "/videos/{t}/edit", [303, 403, 200, 410, 200]),
        ("GET", "/videos/{v}.torrent", [200, 200, 200, 200, 200]),
        ("GET", "/videos/{t}.torrent", [410, 410, 410, 410, 410]),
        ("GET", "/videos/{v}/media", [200, 200, 200, 200, 200]),
        ("GET", "/videos/{t}/media", [410, 410, 410, 410, 410]),
        ("GET", "/videos/{t}/media/film.mp4", [410, 410, 410, 410, 410]),
        ("GET", "/videos/{t}/thumbnail.jpg", [410, 410, 410, 410, 410]),
        ("GET", "/videos/{t}/storyboard.jpg", [410, 410, 410, 410, 410]),
        ("GET", "/videos/{v}/clip", [400, 400, 400, 400, 400]),
        ("GET", "/videos/{v}/clip?start=1&end=3", [404, 404, 404, 404, 404]),
        ("GET", "/videos/{t}/clip?start=1&end=3", [410, 410, 410, 410, 410]),
        ("GET", "/videos/{v}/clip.mp4", [400, 400, 400, 400, 400]),
        ("GET", "/videos/{t}/clip.mp4?start=1&end=3", [410, 410, 410, 410, 410]),
        ("GET", "/videos/{v}/embed", [200, 200, 200, 200, 200]),
        ("GET", "/videos/{t}/embed", [410, 410, 410, 410, 410]),
        ("GET", "/clips/{c}", [200, 200, 200, 200, 200]),
        ("GET", "/clips/{d}", [410, 410, 410, 410, 410]),
        ("GET", "/clips/none", [404, 404, 404, 404, 404]),
        ("GET", "/clips/{c}/embed", [200, 200, 200, 200, 200]),
        ("GET", "/clips/{d}/embed", [410, 410, 410, 410, 410]),
        ("FORM", "/videos/{v}/clips", [401, 403, 400, 400, 400]),
        ("FORM", "/videos/{t}/clips", [401, 403, 410, 410, 410]),
        ("FORM", "/clips/{c}/edit", [401, 403, 400, 403, 400]),
        ("FORM", "/clips/{d}/edit", [401, 403, 400, 410, 400]),
        ("FORM", "/clips/{d}/materialise", [401, 403, 410, 410, 410]),
        ("GET", "/feed/podcast.rss", [200, 200, 200, 200, 200]),
        ("GET", "/robots.txt", [200, 200, 200, 200, 200]),
        ("GET", "/api/v1/videos/{i}/clips", [200, 200, 200, 200, 200]),
        ("GET", "/api/v1/videos/{j}/clips", [410, 410, 200, 410, 200]),
        ("POST", "/api/v1/videos/{i}/clips", [401, 403, 400, 400, 400]),
        ("POST", "/api/v1/videos/{j}/clips", [401, 403, 410, 410, 410]),
        ("GET", "/api/v1/clips/{k}", [200, 200, 200, 200, 200]),
        ("GET", "/api/v1/clips/{l}", [410, 410, 200, 410, 200]),
        ("PATCH", "/api/v1/clips/{k}", [401, 403, 200, 403, 200]),
        ("PATCH", "/api/v1/clips/{l}", [401, 403, 200, 410, 200]),
        ("POST", "/api/v1/clips/{l}/materialise", [401, 403, 410, 410, 410]),
        ("GET", "/videos/{v}/swarm", [200, 200, 200, 200, 200]),
        ("GET", "/videos/{t}/swarm", [410, 410, 410, 410, 410]),
        ("GET", "/admin", [303, 403, 403, 403, 200]),
        ("GET", "/admin/settings", [303, 403, 403, 403, 200]),
        ("GET", "/admin/users", [303, 403, 403, 403, 200]),
        ("GET", "/admin/users/viewer", [303, 403, 403, 403, 200]),
        ("GET", "/admin/users/nobody", [303, 403, 403, 403, 404]),
        ("GET", "/admin/torrents", [303, 403, 403, 403, 200]),
        ("GET", "/admin/torrents/00", [303, 403, 403, 403, 404]),
        ("GET", "/admin/announces", [303, 403, 403, 403, 200]),
        ("GET", "/admin/trackers", [303, 403, 403, 403, 200]),
        ("GET", "/admin/connectivity", [303, 403, 403, 403, 200]),
        ("FORM", "/videos/{v}/edit", [401, 403, 400, 403, 400]),
        ("FORM", "/videos/{t}/edit", [401, 403, 400, 410, 400]),
        ("FORM", "/admin/settings", [401, 403, 403, 403, 400]),
        ("FORM", "/admin/connectivity", [401, 403, 403, 403, 200]),
        ("FORM", "/admin/users", [401, 403, 403, 403, 400]),
        ("FORM", "/admin/users/viewer", [401, 403, 403, 403, 400]),
        ("FORM", "/account/password", [401, 400, 400, 400, 400]),
        ("FORM", "/upload", [401, 403, 415, 415, 415]),
        ("GET", "/api/v1/videos", [200, 200, 200, 200, 200]),
        ("GET", "/api/v1/videos/{i}", [200, 200, 200, 200, 200]),
        ("GET", "/api/v1/videos/{j}", [410, 410, 200, 410, 200]),
        ("GET", "/api/v1/settings", [401, 403, 403, 403, 200]),
        ("PATCH", "/api/v1/settings", [401, 403, 403, 403, 200]),
        ("PATCH", "/api/v1/videos/{i}", [401, 403, 200, 403, 200]),
        ("PATCH", "/api/v1/videos/{j}", [401, 403, 200, 410, 200]),
        ("POST", "/api/v1/videos", [401, 403, 415, 415, 415]),
        ("POST", "/api/v1/videos/{i}/restore", [401, 403, 200, 403, 200]),
        ("POST", "/api/v1/videos/{j}/takedown", [401, 403, 200, 410, 200]),
        ("POST", "/api/v1/sessions", [400, 400, 400, 400, 400]),
        ("GET", "/healthz", [200, 200, 200, 200, 200]),
        ("GET", "/readyz", [200, 200, 200, 200, 200]),
        ("GET", "/metrics", [200, 200, 200, 200, 200]),
        // What changes something stands last.
        ("FORM", "/clips/{c}/materialise", [401, 403, -1, 403, -1]),
        ("POST", "/api/v1/clips/{k}/materialise", [401, 403, -1, 403, -1]),
        ("FORM", "/clips/{c}/delete", [401, 403, -1, 403, -1]),
        ("FORM", "/clips/{d}/delete", [401, 403, -1, 410, -1]),
        ("DELETE", "/api/v1/clips/{k}", [401, 403, -1, 403, -1]),
        ("DELETE", "/api/v1/clips/{l}", [401, 403, -1, 410, -1]),
        ("FORM", "/videos/{v}/takedown", [401, 403, -1, 403, -1]),
        ("FORM", "/videos/{t}/restore", [401, 403, -1, 410, -1]),
        ("FORM", "/videos/{v}/delete", [401, 403, -1, 403, -1]),
        ("DELETE", "/api/v1/videos/{i}", [401, 403, -1, 403, -1]),
        ("DELETE", "/api/v1/videos/{j}", [401, 403, -1, 410, -1]),
    ]

    @Test func everyoneGetsWhatTheTableSays() async throws {
        try await SiteUnderTest.with { site in
            let shown = try await site.publish("Shown")
            let hidden = try await site.publish("Hidden")
            let clip = try await site.saveClip("Part of shown", of: shown)
            let hiddenClip = try await site.saveClip("Hidden part", of: hidden)
            try await site.publisher.takeDown(hidden.id, by: #require(site.users["admin"]), reason: "test")
            for (column, person) in Self.people.enumerated() {
                var browser = try await site.browser(as: person == "-" ? nil : person)
                for (kind, address, expected) in Self.matrix where expected[column] >= 0 {
                    let target = address.replacingOccurrences(of: "{v}", with: "\(shown.slug)")
                        .replacingOccurrences(of: "{t}", with: "\(hidden.slug)")
                        .replacingOccurrences(of: "{i}", with: "\(shown.id)")
                        .replacingOccurrences(of: "{j}", with: "\(hidden.id)")
                        .replacingOccurrences(of: "{c}", with: "\(clip.slug)")
                        .replacingOccurrences(of: "{d}", with: "\(hiddenClip.slug)")
                        .replacingOccurrences(of: "{k}", with: "\(clip.id)")
                        .replacingOccurrences(of: "{l}", with: "\(hiddenClip.id)")
                    let answer = try await send(kind, target, &browser)
                    #expect(
                        answer.status == expected[column], "\(kind) \(address) as \(person): \(answer.text.prefix(200))"
                    )
                    if [401, 403, 410].contains(answer.status) {
                        #expect(!answer.text.contains(hidden.title), "\(kind) \(address) as \(person) says too much")
                    }
                }
            }
        }
    }

    private func send(_ kind: String, _ target: String, _ browser: inout Browser) async throws -> Browser.Answer {
        if kind == "FORM" { return try await browser.post(target) }
        let method = try #require(HTTPRequest.Method(rawValue: kind))
        if target.hasPrefix("/api/v1") {
            let hasBody = kind != "GET" && kind != "DELETE" && target != "/api/v1/videos"
            return try await browser.api(method, String(target.dropFirst(7)), json: hasBody ? "{}" : nil)
        }
        return try await browser.send(method, target)
    }

    /// Every route of the table above, and no other, exists: a new one must be added here too.
    @Test func theMatrixIsWhole() async throws {
        try await SiteUnderTest.with { site in
            var routes = Routes(router: Router(), site: site.context)
            routes.addPages()
            routes.addImports()
            routes.addVideos()
            routes.addClips()
            routes.addMedia()
            routes.addSwarm()
            routes.addFeeds()
            routes.addAdmin()
            routes.addAPI()
            routes.addProbes()
            let tested = Set(
                Self.matrix.map { kind, address, _ in "\(kind == "FORM" ? "POST" : kind) \(Self.shape(address))" })
            // Tested where they are looked at closely: streams, names of files, logging in and out, set-up.
            let elsewhere: Set<String> = [
                "GET /videos/{}/media/", "GET /videos/{}/swarm/events", "GET /swarm/events", "POST /login",
                "POST /logout",
                "POST /setup",
            ]
            let declared = Set(routes.table.map { "\($0.method) \(Self.shape($0.pattern))" })
            #expect(declared.subtracting(tested).subtracting(elsewhere) == [])
            for line in routes.table {
                print("\(line.method) \(line.pattern): \(line.access.rawValue), \(line.kind.rawValue)")
            }
        }
    }

    /// An address or pattern with its captures left empty.
    private static func shape(_ pattern: String) -> String {
        let isCapture = { (segment: Substring) in
            segment.hasPrefix("{") || ["film.mp4", "viewer", "nobody", "none", "00", "1"].contains(segment)
        }
        let path = pattern.prefix { $0 != "?" }
        return path.split(separator: "/", omittingEmptySubsequences: false).map { segment in
            if segment.hasPrefix("clip.") { return "clip.{}" }
            guard isCapture(segment) else { return String(segment) }
            return segment.hasSuffix(".torrent") ? "{}.torrent" : "{}"
        }.joined(separator: "/")
    }
}
