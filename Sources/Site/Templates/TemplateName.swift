/// The templates that pages are made from, one file each in `Templates/`.
enum TemplateName: String, CaseIterable, Sendable {
    case library, video, clip, embed, editVideo = "edit_video", upload, imports, login, setup, account, gone, error
    case adminDashboard = "admin_dashboard", adminSettings = "admin_settings", adminUsers = "admin_users"
    case adminUser = "admin_user", adminTorrents = "admin_torrents", adminTorrent = "admin_torrent"
    case adminAnnounces = "admin_announces", adminTrackers = "admin_trackers"
    case adminConnectivity = "admin_connectivity"
    case swarmChart = "swarm_chart"
}
