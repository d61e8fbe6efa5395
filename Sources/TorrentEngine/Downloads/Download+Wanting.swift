import ByteCoding
import Metainfo

/// What the owner wants may change.
extension Download {
    /// The same torrent was added once more.
    func merge(_ added: TorrentToAdd) {
        found(added.peers, namedFrom: .loopback, source: .operator)
        switch added.source {
        case .torrent(let other):
            mergeTiers(added.announceTiers ?? other.announceTiers)
            if torrent == nil, matches(other.infoBytes) { learned(other) }
        case .magnet(let link):
            mergeTiers(added.announceTiers ?? link.trackers.map { [$0] })
            found(link)
        }
        want(wanted.merging(added.wanted))
        if !added.isPaused { resume() }
    }

    private func mergeTiers(_ more: [[String]]) {
        let known = Set(tiers.joined())
        let fresh = more.map { $0.filter { !known.contains($0) } }.filter { !$0.isEmpty }
        guard !fresh.isEmpty else { return }
        tiers += fresh
        announcer?.addTiers(fresh)
        if announcer == nil, isRunning { startAnnouncing() }
    }

    func want(_ wanted: WantedBytes) {
        guard wanted != self.wanted else { return }
        let wasGrowing = self.wanted.isGrowing
        self.wanted = wanted
        wantedChanged(haveAllSaid: wasGrowing && !wanted.isGrowing)
        isChanged = true
    }

    /// Tells the scheduler what is wanted, by the owner and by those who read.
    ///
    /// - Parameter haveAllSaid: whether what grew until now grows no longer; everything may be there already then.
    func wantedChanged(haveAllSaid: Bool = false) {
        let all = readers.reduce(wanted) { $0.first($1.range) }
        scheduler?.want(all, now: .now)
        guard scheduler != nil else { return }
        if isRunning, haveAllSaid, isUploadOnly {
            finished()
        } else if isRunning {
            goOn()
        } else if state == .done, scheduler?.isDone == false {
            resume()
        }
    }
}
