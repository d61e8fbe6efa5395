/// Which way content goes.
enum TransferDirection: Sendable, CaseIterable {
    case download
    case upload
}
