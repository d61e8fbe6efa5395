import Catalog

/// The members of a patch that are the peer engine's.
struct PeerPatch {
    private typealias Field = PeerSettings.Field

    private let uploadRate: Int64?
    private let downloadRate: Int64?
    private let superSeeding: Bool?

    /// Takes the members from the body.
    init(_ body: inout JSONBody) throws {
        uploadRate = try body.number(Field.uploadRate.rawValue)
        downloadRate = try body.number(Field.downloadRate.rawValue)
        superSeeding = try body.flag(Field.superSeeding.rawValue)
    }

    /// Whether nothing of the engine's changes.
    var isEmpty: Bool { uploadRate == nil && downloadRate == nil && superSeeding == nil }

    /// The settings with the changes made; their ranges are checked where they are saved.
    func applied(to settings: PeerSettings) -> PeerSettings {
        PeerSettings(
            uploadRate: uploadRate.map { Int($0) } ?? settings.uploadRate,
            downloadRate: downloadRate.map { Int($0) } ?? settings.downloadRate,
            superSeeding: superSeeding ?? settings.superSeeding)
    }
}
