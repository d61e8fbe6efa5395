import Postgres

/// Runs database work and says its failures in the store's words.
@discardableResult
func storing<Value>(_ body: () async throws -> Value) async throws(StoreError) -> Value {
    do {
        return try await body()
    } catch let error as StoreError {
        throw error
    } catch let error as PostgresError {
        throw StoreError(error)
    } catch is CancellationError {
        throw StoreError(.busy, "The request was given up.")
    } catch {
        throw StoreError(.broken, "The database's answer was not understood: \(error)")
    }
}

extension StoreError {
    /// Says a database failure in a sentence for people; what the server said in detail is for the log.
    init(_ error: PostgresError) {
        switch error.code {
        case .unavailable, .closed:
            self.init(.unavailable, "The database does not answer just now.")
        case .poolExhausted, .lockTimeout, .statementTimeout, .serialization:
            self.init(.busy, "The database is busy just now.")
        case .unknownOutcome:
            self.init(
                .unknownOutcome, "The connection to the database broke, and it is not known whether this was done.")
        case .uniqueViolation, .foreignKeyViolation, .checkViolation:
            self.init(.conflict, "This is at odds with what is stored (\(error.message)).")
        case .diskFull:
            self.init(.storageFull, "There is no space left in the database.")
        case .readOnly:
            self.init(.readOnly, "The database takes no changes just now.")
        case .invalidText:
            self.init(.invalidValue, "A text holds characters that cannot be stored.")
        case .badColumn, .other:
            self.init(.broken, "The database refused: \(error.message)")
        }
    }

    static func missing(_ what: String) -> StoreError { StoreError(.notFound, "There is no such \(what).") }
}
