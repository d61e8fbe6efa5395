import ByteCoding
import Logging
import Metainfo
import Synchronization
import TrackerClient
import TrackerWire

/// The exchanges themselves: each runs in a task of its own and tells the board what came of it.
extension OutsideTrackers {
    func carryOut(_ errand: TrackerErrand) async {
        switch errand {
        case .announce(let errand): await announce(errand)
        case .scrape(let errand): await scrape(errand)
        }
        bell.ring()
    }

    private func announce(_ errand: AnnounceErrand) async {
        let outcome: Result<[TrackerReply], TrackerClientError>
        do throws(TrackerClientError) {
            outcome = .success(
                try await client.replies(to: request(errand), from: errand.tracker, trackerID: errand.trackerID))
        } catch {
            outcome = .failure(error)
        }
        let isNews = take(outcome, of: errand)
        if isNews { changed([errand.hash]) }
    }

    /// Notes what came of an announce; whether the torrent's page has something new to say.
    private func take(_ outcome: Result<[TrackerReply], TrackerClientError>, of errand: AnnounceErrand) -> Bool {
        let now = now
        switch outcome {
        case .success(let replies):
            guard let answer = replies.joined else { return false }
            let isNews = board.withLock { $0.announced(errand, answer, now: now) }
            guard errand.event != .stopped else { return isNews }
            for reply in replies {
                for peer in reply.answer.peers.prefix(2 * pace.peersWanted) {
                    consider(peer, errand.hash, reply.remote.scope)
                }
            }
            return isNews
        case .failure(let error):
            guard !Task.isCancelled else { return false }
            logger.debug(
                "outside tracker failed",
                metadata: ["tracker": "\(errand.tracker)", "torrent": "\(errand.hash)", "reason": "\(error)"])
            return board.withLock { $0.failed(errand, error, now: now) }
        }
    }

    private func scrape(_ errand: ScrapeErrand) async {
        do throws(TrackerClientError) {
            let answer = try await client.scrapeAnswer(errand.hashes, at: errand.tracker)
            let now = now
            changed(board.withLock { $0.scraped(errand, answer, now: now) })
        } catch {
            let now = now
            board.withLock { $0.scrapeFailed(errand, error, now: now) }
        }
    }

    private func request(_ errand: AnnounceErrand) -> AnnounceRequest {
        let total = uploaded(errand.hash)
        return AnnounceRequest(
            infoHash: errand.hash, peerID: peerID, port: standing.withLock { $0.peerPort },
            uploaded: total >= errand.uploadedBefore ? total - errand.uploadedBefore : 0, left: 0, event: errand.event,
            numWant: errand.event == .stopped ? 0 : pace.peersWanted, key: key)
    }

    /// Tells every tracker that knows of us; what is not through in time is left.
    func sayFarewell() async {
        let errands = board.withLock { $0.allFarewells() }
        guard !errands.isEmpty else { return }
        logger.info("leaving outside trackers", metadata: ["announces": "\(errands.count)"])
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { [pace] in
                try? await Task.sleep(for: pace.farewell)
                return true
            }
            var rest = errands[...]
            for errand in rest.prefix(64) { group.addTask { await self.leave(errand) } }
            rest = rest.dropFirst(64)
            var open = errands.count
            for await isTimeOver in group {
                guard !isTimeOver else { break }
                open -= 1
                guard open > 0 else { break }
                if let errand = rest.popFirst() { group.addTask { await self.leave(errand) } }
            }
            group.cancelAll()
        }
    }

    private func leave(_ errand: AnnounceErrand) async -> Bool {
        _ = try? await client.replies(to: request(errand), from: errand.tracker, trackerID: errand.trackerID)
        return false
    }
}
