/// What a worker is asked about.
enum WorkerFilm: Sendable {
    /// The file at a path.
    case file(String)
    /// Bytes from elsewhere.
    case source(any MediaByteSource)

    /// Length in bytes. Throws `unreadable` for a file that cannot be opened.
    func size() throws(MediaError) -> UInt64 {
        switch self {
        case .file(let path): try SourceDescriptor.open(path).size
        case .source(let source): source.size
        }
    }
}

/// Who is told what while a worker works.
struct WorkerListener: Sendable {
    /// The share that is done, 0...1.
    var onProgress: (@Sendable (Double) -> Void)?
    /// What a clip will be, before its first byte.
    var onBegin: (@Sendable (CutBeginning) async throws -> Void)?
    /// Bytes of a clip that is written into a pipe.
    var onOutput: (@Sendable ([UInt8]) async throws -> Void)?
}
