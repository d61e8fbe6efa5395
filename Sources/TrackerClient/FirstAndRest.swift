import ByteCoding

/// What a gathering waits for.
private enum Event<Success: Sendable, Failure: Error>: Sendable {
    case answer(Endpoint, Result<Success, Failure>)
    case graceOver
}

/// Asks several addresses at once: after the first good answer the others have a little time left.
enum FirstAndRest {
    /// What each endpoint gave, in any order; nil for one that was given up because another had answered.
    static func gather<Success: Sendable, Failure: Error>(
        _ endpoints: [Endpoint], grace: Duration,
        _ ask: @escaping @Sendable (Endpoint) async -> Result<Success, Failure>
    ) async -> [(endpoint: Endpoint, result: Result<Success, Failure>?)] {
        await withTaskGroup(of: Event<Success, Failure>.self) { group in
            for endpoint in endpoints { group.addTask { .answer(endpoint, await ask(endpoint)) } }
            var results: [Endpoint: Result<Success, Failure>] = [:]
            var isWaiting = false
            while results.count < endpoints.count, let event = await group.next() {
                guard case .answer(let endpoint, let result) = event else { break }
                results[endpoint] = result
                if case .success = result, !isWaiting, results.count < endpoints.count {
                    isWaiting = true
                    group.addTask {
                        try? await Task.sleep(for: grace)
                        return .graceOver
                    }
                }
            }
            group.cancelAll()
            return endpoints.map { ($0, results[$0]) }
        }
    }
}
