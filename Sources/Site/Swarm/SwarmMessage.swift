import Catalog
import WebServer

/// The event about one reading of a swarm, encoded once for each form that a page asks for.
struct SwarmMessage {
    /// When the counts were read.
    let at = ContinuousClock.now
    private let reading: SwarmReading
    private var plain: [UInt8]?
    private var named: [Slug: [UInt8]] = [:]

    init(_ reading: SwarmReading) { self.reading = reading }

    /// The event for pages of this one video.
    mutating func event() -> [UInt8] {
        if let plain { return plain }
        let event = Self.encode(SwarmReport(reading))
        plain = event
        return event
    }

    /// The event for lists, which names the video.
    mutating func event(naming slug: Slug) -> [UInt8] {
        if let event = named[slug] { return event }
        let event = Self.encode(SwarmReport(reading, slug: slug.rawValue))
        named[slug] = event
        return event
    }

    private static func encode(_ report: SwarmReport) -> [UInt8] {
        ServerSentEvent(event: "swarm", data: String(decoding: JSONText.encode(report), as: UTF8.self)).encoded
    }
}
