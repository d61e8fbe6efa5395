import Metainfo
import Synchronization

@testable import Site

/// Stands at the place of tracker, seeder and the announcer to outside trackers: tests say what they know.
final class FakeDesk: TrackerDesk {
    struct State {
        var lines: [AnnounceLine] = []
        var evidence = ReachEvidence()
        var checks: [ConnectivityCheck] = []
        var trackers: [TrackerState] = []
        var figures = TrackerFigures()
        /// The last filter and limit that were asked with.
        var asked: (AnnounceLineFilter, Int)?
        /// What was tested.
        var tested: [(InfoHash, ConnectivityLinks)] = []
    }

    private let state = Mutex(State())

    var seen: State { state.withLock { $0 } }

    func set(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    func announces(_ filter: AnnounceLineFilter, limit: Int) -> [AnnounceLine] {
        state.withLock { state in
            state.asked = (filter, limit)
            return Array(state.lines.prefix(limit))
        }
    }

    func evidence() async -> ReachEvidence { state.withLock { $0.evidence } }

    func testConnectivity(_ torrent: InfoHash, links: ConnectivityLinks) async -> [ConnectivityCheck] {
        state.withLock { state in
            state.tested.append((torrent, links))
            return state.checks
        }
    }

    func outsideTrackers() -> [TrackerState] { state.withLock { $0.trackers } }

    func tracked() -> TrackerFigures { state.withLock { $0.figures } }
}
