import ByteCoding
import Cryptography
import Dialling
import Logging
import Metainfo
import NIOCore
import Site
import Synchronization
import TrackerClient
import TrackerWire

/// Reaches this server as a client would, through its public address: tracker over UDP and HTTP, peer port, magnet, web
/// seed, all at once.
///
/// The announces say `stopped` and want no peers: a tracker answers those, and no swarm changes by them.
struct ConnectivityTest: Sendable {
    /// How long each way may take; all are tried at once.
    static let patience: Duration = .seconds(12)
    /// Bytes of the film that are fetched.
    static let blockLength: Int64 = 16 << 10

    let hash: InfoHash
    let links: ConnectivityLinks
    let logger: Logger
    var patience = Self.patience

    /// The operator named every address that is tried, so those of every class may be.
    private static let rules = DialRules(allowsPrivateAddresses: true, lowestPort: 1)

    /// What came of it, in the order of `ConnectivityCheck.Part`.
    func run() async -> [ConnectivityCheck] {
        let policy = RetryPolicy(firstWait: patience / 4, attempts: 2, fetchTimeout: patience)
        let client = TrackerClient(rules: Self.rules, policy: policy, logger: logger)
        let fetcher = Fetcher(rules: Self.rules, logger: logger)
        async let udp = announce(.trackerUDP, links.udpAnnounce, by: client)
        async let http = announce(.trackerHTTP, links.httpAnnounce, by: client)
        async let port = askSeeder(.peerPort)
        async let magnet = askSeeder(.magnet)
        async let seed = fetchFromWebSeed(fetcher)
        let checks = await [udp, http, port, magnet, seed]
        await client.shutdown()
        await fetcher.shutdown()
        return checks
    }

    private func announce(
        _ part: ConnectivityCheck.Part, _ url: String, by client: TrackerClient
    ) async -> ConnectivityCheck {
        guard let address = TrackerAddress(url), let request = stoppedAnnounce() else {
            return ConnectivityCheck(
                part: part, target: url, passed: nil, sentence: "This is no URL of a tracker.", milliseconds: nil)
        }
        let advice = ConnectivityAdvice(links: links)
        return await timed(part, url) {
            do throws(TrackerClientError) {
                let answer = try await client.announce(request, to: address)
                return (true, advice.success(seeders: answer.seeders, leechers: answer.leechers))
            } catch {
                return (false, advice.failure(error, part: part, port: address.port))
            }
        } late: {
            advice.failure(.timedOut, part: part, port: address.port)
        }
    }

    /// What leaves swarms as they are: the leave-taking of a client that was never there.
    private func stoppedAnnounce() -> AnnounceRequest? {
        let name = PeerID(bytes: Array("-RS0000-".utf8) + SecureRandom.bytes(12))
        return name.map {
            AnnounceRequest(infoHash: hash, peerID: $0, port: 1, left: 1, event: .stopped, numWant: 0)
        }
    }

    /// Tries the seeder's addresses at once; the first that answers decides, so one family is enough.
    private func askSeeder(_ part: ConnectivityCheck.Part) async -> ConnectivityCheck {
        let advice = ConnectivityAdvice(links: links)
        let endpoints = Array(links.seeders.prefix(4))
        let target = endpoints.map(\.description).joined(separator: ", ")
        guard !endpoints.isEmpty else {
            return ConnectivityCheck(
                part: part, target: "", passed: false, sentence: advice.noSeederAddress, milliseconds: nil)
        }
        let length = UInt32(clamping: min(Self.blockLength, max(links.size, 1)))
        let wish = part == .magnet ? PeerProbe.Wish.metadata : .block(length: length)
        let timeout = TimeAmount.nanoseconds((patience - .milliseconds(500)).wholeNanoseconds)
        let probe = PeerProbe(dialler: Dialler(rules: Self.rules, connectTimeout: timeout, logger: logger), hash: hash)
        return await timed(part, target) {
            var failure: PeerProbeError?
            for await result in Self.results(of: probe, wish, from: endpoints, timeout: timeout) {
                switch result {
                case .success(let bytes): return (true, advice.success(part, bytes: bytes.count))
                case .failure(let error): failure = failure ?? error
                }
            }
            return advice.failure(failure ?? .timedOut(afterHandshake: false), part: part)
        } late: {
            advice.failure(.timedOut(afterHandshake: false), part: part).1
        }
    }

    private static func results(
        of probe: PeerProbe, _ wish: PeerProbe.Wish, from endpoints: [Endpoint], timeout: TimeAmount
    ) -> AsyncStream<Result<[UInt8], PeerProbeError>> {
        let (stream, continuation) = AsyncStream<Result<[UInt8], PeerProbeError>>.makeStream()
        Task {
            await withTaskGroup(of: Void.self) { group in
                for endpoint in endpoints {
                    group.addTask {
                        do {
                            continuation.yield(
                                .success(try await probe.fetch(wish, from: endpoint, timeout: timeout)))
                        } catch {
                            continuation.yield(.failure(error as? PeerProbeError ?? .malformed))
                        }
                    }
                }
            }
            continuation.finish()
        }
        return stream
    }

    private func fetchFromWebSeed(_ fetcher: Fetcher) async -> ConnectivityCheck {
        let advice = ConnectivityAdvice(links: links)
        let length = min(Self.blockLength, max(links.size, 1))
        return await timed(.webSeed, links.webSeed) {
            do throws(FetchError) {
                let answer = try await fetcher.get(
                    links.webSeed, limit: Int(length), timeout: patience, range: 0...length - 1)
                guard answer.status == 206, answer.body.count == Int(length) else {
                    return (false, advice.wrongAnswer(status: answer.status))
                }
                return (true, advice.success(.webSeed, bytes: answer.body.count))
            } catch {
                return (false, advice.failure(error))
            }
        } late: {
            advice.failure(FetchError.timedOut)
        }
    }

    /// Runs one way and takes the time.
    private func timed(
        _ part: ConnectivityCheck.Part, _ target: String,
        _ work: @escaping @Sendable () async -> (Bool, String), late: @escaping @Sendable () -> String
    ) async -> ConnectivityCheck {
        let start = ContinuousClock.now
        let (passed, sentence) = await Self.first(of: work, within: patience, late: late)
        return ConnectivityCheck(
            part: part, target: target, passed: passed, sentence: sentence,
            milliseconds: Int((ContinuousClock.now - start).wholeNanoseconds / 1_000_000))
    }

    /// What `work` comes to, or `late` when that takes too long. Looking up a name cannot be interrupted, so work that
    /// is late is left alone instead of waited for.
    private static func first(
        of work: @escaping @Sendable () async -> (Bool, String), within patience: Duration,
        late: @escaping @Sendable () -> String
    ) async -> (Bool, String) {
        let (results, continuation) = AsyncStream<(Bool, String)>.makeStream(bufferingPolicy: .bufferingOldest(1))
        let working = Task { continuation.yield(await work()) }
        let waiting = Task {
            try? await Task.sleep(for: patience)
            continuation.yield((false, late()))
        }
        defer {
            working.cancel()
            waiting.cancel()
        }
        for await result in results { return result }
        return (false, late())
    }
}

extension Duration {
    /// The whole of it in nanoseconds, within what a number of 64 bits holds.
    fileprivate var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, tooMuch) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflow || tooMuch ? (seconds < 0 ? .min : .max) : sum
    }
}
