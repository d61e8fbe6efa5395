/// Where the clusters of a Matroska or WebM film begin (RFC 9559, 5.1.3), asked for from front to back.
///
/// A reader that begins anywhere else in a cluster does not know the time its blocks count from.
struct MatroskaClusters {
    private let elements: MatroskaElements
    /// The cluster looked at last, and where it ends as far as it says.
    private var current: Range<UInt64>?
    private var next: UInt64?

    init(_ source: SourceFile) {
        elements = MatroskaElements(source)
        next = elements.firstCluster
    }

    /// The beginning of the cluster that holds `offset`; nil when it lies in none that follows those asked for before.
    mutating func start(of offset: UInt64) -> UInt64? {
        if let current, current.contains(offset) { return current.lowerBound }
        while let place = next, place <= offset, let cluster = elements.cluster(from: place) {
            current = cluster
            next = cluster.upperBound > place ? cluster.upperBound : nil
            if cluster.contains(offset) { return cluster.lowerBound }
        }
        return nil
    }
}
