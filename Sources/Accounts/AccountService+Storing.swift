import Logging
import Store

extension AccountService {
    /// Runs a store call with this module's errors. `notFound` and `conflict` are left to the caller by name.
    func storing<T>(_ call: () async throws(StoreError) -> T) async throws(AccountError) -> T {
        do {
            return try await call()
        } catch {
            switch error.code {
            case .notFound: throw .notFound
            case .conflict: throw .nameTaken
            default:
                logger.warning("store call failed", metadata: ["code": "\(error.code.rawValue)"])
                throw .unavailable(error.message)
            }
        }
    }
}
