import Logging
import ServiceLifecycle

/// Keeps a tracker in line with its files of torrents and passkeys while it runs.
actor ListFollower: Service {
    private let allowList: AllowList
    private let passkeys: Passkeys
    private let logger: Logger
    private var allowFile: WatchedFile?
    private var passkeyFile: WatchedFile?

    /// What takes the passkeys over.
    typealias Passkeys = @Sendable (Set<String>) -> Void

    init(
        allowFile: String?, allowList: AllowList, passkeyFile: String?, passkeys: @escaping Passkeys, logger: Logger
    ) {
        self.allowFile = allowFile.map(WatchedFile.init)
        self.passkeyFile = passkeyFile.map(WatchedFile.init)
        self.allowList = allowList
        self.passkeys = passkeys
        self.logger = logger
    }

    /// Reads both files for the first time; throws a sentence when one cannot be read.
    func readAll() throws {
        if let path = allowFile?.path {
            guard let text = allowFile?.readNow() else { throw CommandFailure(message: "\(path) cannot be read.") }
            take(hashes: text)
        }
        if let path = passkeyFile?.path {
            guard let text = passkeyFile?.readNow() else { throw CommandFailure(message: "\(path) cannot be read.") }
            take(keys: text)
        }
    }

    /// Looks at both files once.
    func look() {
        switch allowFile?.look() {
        case .changed(let text): take(hashes: text)
        case .gone: warnOfLoss(allowFile?.path)
        case .unchanged, nil: break
        }
        switch passkeyFile?.look() {
        case .changed(let text): take(keys: text)
        case .gone: warnOfLoss(passkeyFile?.path)
        case .unchanged, nil: break
        }
    }

    func run() async throws {
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .milliseconds(500)) }
            look()
        }
    }

    private func take(hashes text: [UInt8]) {
        let list = HashList(text)
        let (added, removed) = allowList.apply(list.torrents)
        warn(of: list.brokenLines, list.brokenCount, in: allowFile?.path, wanted: "one info hash in hex")
        logger.info(
            "allow file read",
            metadata: ["torrents": "\(list.torrents.count)", "added": "\(added)", "removed": "\(removed)"])
    }

    private func take(keys text: [UInt8]) {
        let list = PasskeyList(text)
        passkeys(list.keys)
        warn(of: list.brokenLines, list.brokenCount, in: passkeyFile?.path, wanted: "one passkey of letters and digits")
        logger.info("passkeys read", metadata: ["passkeys": "\(list.keys.count)"])
    }

    private func warn(of lines: [Int], _ count: Int, in path: String?, wanted: String) {
        for number in lines {
            logger.warning("\(path ?? ""), line \(number): expected \(wanted); the line is left out.")
        }
        if count > lines.count { logger.warning("\(path ?? ""): \(count - lines.count) further broken lines.") }
    }

    private func warnOfLoss(_ path: String?) {
        logger.warning("\(path ?? "") cannot be read; what it said last stays in force.")
    }
}
