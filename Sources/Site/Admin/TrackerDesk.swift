public import Metainfo

/// What the admin pages ask tracker, seeder and the announcer to outside trackers. The application joins them to this
/// protocol.
public protocol TrackerDesk: Sendable {
    /// The latest announces that match, newest first.
    ///
    /// - Parameter limit: how many at most.
    func announces(_ filter: AnnounceLineFilter, limit: Int) -> [AnnounceLine]

    /// What has come in from public addresses.
    func evidence() async -> ReachEvidence

    /// Reaches this server as a client would, through its public address. Ends within 15 seconds; the counts of the
    /// torrent stay as they are.
    func testConnectivity(_ torrent: InfoHash, links: ConnectivityLinks) async -> [ConnectivityCheck]

    /// How each configured announce URL does, in the order of the settings.
    func outsideTrackers() -> [TrackerState]

    /// What our own tracker holds and does now.
    func tracked() -> TrackerFigures
}
