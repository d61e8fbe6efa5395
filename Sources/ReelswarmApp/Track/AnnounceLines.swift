import Foundation
import Logging
import ServiceLifecycle
import TrackerServer

/// Writes announces into the log, two seconds after they came.
///
/// The tracker keeps the latest few thousand; where more than those come between two looks, a line says that some are
/// missing.
actor AnnounceLines: Service {
    private static let most = 8192
    private let tracker: Tracker
    private let logger: Logger
    private var last = 0.0

    init(tracker: Tracker, logger: Logger) {
        self.tracker = tracker
        self.logger = logger
    }

    func run() async throws {
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .milliseconds(500)) }
            write(until: Date().timeIntervalSince1970 - 2)
        }
        write(until: .infinity)
    }

    /// Writes what came until a time (seconds since 1970) and was not written yet.
    func write(until end: Double) {
        let records = tracker.announces(matching: AnnounceFilter(), limit: Self.most)
        let new = records.filter { $0.at > last && $0.at <= end }
        if last > 0, records.count == Self.most, (records.last?.at ?? 0) > last {
            logger.warning("more announces than are kept; some are missing here")
        }
        for record in new.reversed() { logger.info("announce", metadata: Self.facts(of: record)) }
        last = new.map(\.at).max() ?? last
    }

    private static func facts(of record: AnnounceRecord) -> Logger.Metadata {
        var facts: Logger.Metadata = [
            "act": "\(record.act.rawValue)", "over": "\(record.transport)", "peer": "\(record.endpoint)",
            "client": "\(record.client)", "torrent": "\(record.hash)", "uploaded": "\(record.uploaded)",
            "downloaded": "\(record.downloaded)", "left": "\(record.left)", "given": "\(record.given)",
        ]
        if let refusal = record.refusal { facts["refusal"] = "\(refusal)" }
        return facts
    }
}
