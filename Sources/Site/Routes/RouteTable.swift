import HTTPTypes
import WebServer

// The whole site on one screen: who may do what, and which file does it.

extension Routes {
    mutating func addPages() {
        get("/", access: .everyone, ShowLibrary(site: site))
        get("/login", access: .everyone, ShowLogin(site: site))
        form("/login", access: .everyone, LogIn(site: site))
        form("/logout", access: .viewers, LogOut(site: site))
        get("/setup", access: .everyone, ShowSetup(site: site))
        form("/setup", access: .everyone, SetUp(site: site))
        get("/account", access: .viewers, ShowAccount(site: site))
        form("/account/password", access: .viewers, ChangePassword(site: site))
        get("/upload", access: .publishers, ShowUpload(site: site))
        upload("/upload", access: .publishers, UploadVideo(site: site))
    }

    mutating func addImports() {
        get("/imports", access: .publishers, ShowImports(site: site))
        upload("/imports", access: .publishers, StartImport(site: site))
        form("/imports/{id}/choose", access: .publishers, ChangeImport(site: site, act: .choose))
        form("/imports/{id}/cancel", access: .publishers, ChangeImport(site: site, act: .cancel))
        form("/imports/{id}/retry", access: .publishers, ChangeImport(site: site, act: .retry))
        api(.get, "/imports", access: .publishers, ListImports(site: site))
        api(.post, "/imports", access: .publishers, CreateImport(site: site))
        api(.get, "/imports/{id}", access: .publishers, ReadImport(site: site))
        api(.post, "/imports/{id}/choose", access: .publishers, ChangeImportByAPI(site: site, act: .choose))
        api(.post, "/imports/{id}/cancel", access: .publishers, ChangeImportByAPI(site: site, act: .cancel))
        api(.post, "/imports/{id}/retry", access: .publishers, ChangeImportByAPI(site: site, act: .retry))
    }

    mutating func addVideos() {
        get("/videos/{slug}", access: .everyone, ShowVideo(site: site))
        get("/videos/{slug}/edit", access: .publishers, ShowEditVideo(site: site))
        form("/videos/{slug}/edit", access: .publishers, EditVideo(site: site))
        form("/videos/{slug}/takedown", access: .publishers, TakeDownVideo(site: site))
        form("/videos/{slug}/restore", access: .publishers, RestoreVideo(site: site))
        form("/videos/{slug}/delete", access: .publishers, DeleteVideo(site: site))
    }

    mutating func addClips() {
        data("/videos/{slug}/clip", access: .everyone, ShowClipPlan(site: site))
        get("/videos/{slug}/clip.{ending}", access: .everyone, GetClip(site: site))
        form("/videos/{slug}/clips", access: .publishers, SaveClip(site: site))
        get("/videos/{slug}/embed", access: .everyone, ShowEmbed(site: site, subject: .video))
        get("/clips/{slug}", access: .everyone, ShowClip(site: site))
        get("/clips/{slug}/embed", access: .everyone, ShowEmbed(site: site, subject: .clip))
        form("/clips/{slug}/edit", access: .publishers, EditClip(site: site))
        form("/clips/{slug}/delete", access: .publishers, DeleteClip(site: site))
        form("/clips/{slug}/materialise", access: .publishers, MaterialiseClip(site: site))
        api(.get, "/videos/{id}/clips", access: .everyone, ListClips(site: site))
        api(.post, "/videos/{id}/clips", access: .publishers, CreateClip(site: site))
        api(.get, "/clips/{id}", access: .everyone, ReadClip(site: site))
        api(.patch, "/clips/{id}", access: .publishers, PatchClip(site: site))
        api(.delete, "/clips/{id}", access: .publishers, RemoveClip(site: site))
        api(.post, "/clips/{id}/materialise", access: .publishers, MaterialiseByAPI(site: site))
    }

    mutating func addFeeds() {
        get("/feed/podcast.rss", access: .everyone, ShowPodcast(site: site))
        direct("/robots.txt", Robots.answer)
    }

    mutating func addMedia() {
        get("/videos/{slug}.torrent", access: .everyone, GetTorrent(site: site))
        get("/videos/{slug}/media", access: .everyone, GetMedia(site: site))
        get("/videos/{slug}/media/", access: .everyone, GetMedia(site: site))
        get("/videos/{slug}/media/{name}", access: .everyone, GetMedia(site: site))
        get("/videos/{slug}/thumbnail.jpg", access: .everyone, GetThumbnail(site: site))
        get("/videos/{slug}/storyboard.jpg", access: .everyone, GetStoryboard(site: site))
    }

    mutating func addSwarm() {
        get("/videos/{slug}/swarm", access: .everyone, ShowSwarm(site: site))
        get("/videos/{slug}/swarm/events", access: .everyone, StreamSwarm(site: site))
        get("/swarm/events", access: .everyone, StreamSwarms(site: site))
    }

    mutating func addAdmin() {
        get("/admin", access: .admins, ShowDashboard(site: site))
        get("/admin/settings", access: .admins, ShowSettings(site: site))
        form("/admin/settings", access: .admins, SaveSettings(site: site))
        get("/admin/users", access: .admins, ShowUsers(site: site))
        form("/admin/users", access: .admins, AddUser(site: site))
        get("/admin/users/{name}", access: .admins, ShowUser(site: site))
        form("/admin/users/{name}", access: .admins, ChangeUser(site: site))
        get("/admin/torrents", access: .admins, ShowTorrents(site: site))
        get("/admin/torrents/{infohash}", access: .admins, ShowPeers(site: site))
        get("/admin/announces", access: .admins, ShowAnnounces(site: site))
        get("/admin/trackers", access: .admins, ShowTrackers(site: site))
        get("/admin/connectivity", access: .admins, ShowConnectivity(site: site))
        form("/admin/connectivity", access: .admins, TestConnectivity(site: site))
    }

    mutating func addAPI() {
        api(.post, "/sessions", access: .everyone, OpenSession(site: site))
        api(.get, "/videos", access: .everyone, ListVideos(site: site))
        apiUpload("/videos", access: .publishers, CreateVideo(site: site))
        api(.get, "/videos/{id}", access: .everyone, ReadVideo(site: site))
        api(.patch, "/videos/{id}", access: .publishers, PatchVideo(site: site))
        api(.delete, "/videos/{id}", access: .publishers, RemoveVideo(site: site))
        api(.post, "/videos/{id}/takedown", access: .publishers, TakeDownByAPI(site: site))
        api(.post, "/videos/{id}/restore", access: .publishers, RestoreByAPI(site: site))
        api(.get, "/settings", access: .admins, ReadSettings(site: site))
        api(.patch, "/settings", access: .admins, PatchSettings(site: site))
    }

    mutating func addProbes() {
        let probes = site.probes
        direct("/healthz") { _ in .text("ok\n") }
        direct("/metrics") { _ in .bytes(Array(probes.metricsText().utf8), contentType: "text/plain; version=0.0.4") }
        get("/readyz", access: .everyone, ShowReadiness(site: site))
    }
}
