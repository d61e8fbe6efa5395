/// Gathers one stream's packets into slots of time; at the end slots become buckets.
///
/// A slot starts at a second (of the container's timeline) that holds packets or at a video key frame. It knows the
/// least offset and the greatest end of the packets in it, so that `low` and `high` of every slot start are exact, no
/// matter in which order packets came.
struct StreamIndexBuilder: Sendable {
    private struct Slot: Sendable {
        var start: Int64
        var isKey: Bool
        var low = UInt64.max
        var high: UInt64 = 0
        var earliest = Int64.max
        var latest = Int64.min

        mutating func take(_ packet: FilmPacket) {
            low = min(low, packet.offset)
            high = max(high, packet.end)
            earliest = min(earliest, packet.time)
            latest = max(latest, packet.time)
        }

        mutating func take(_ slot: Slot) {
            low = min(low, slot.low)
            high = max(high, slot.high)
            earliest = min(earliest, slot.earliest)
            latest = max(latest, slot.latest)
        }
    }

    let kind: StreamKind
    private var slots: [Slot] = []
    /// Microseconds that a slot without a key frame at its start spans.
    private var span: Int64 = 1_000_000
    /// Microseconds between key frames that get slots of their own: all of them, until there are too many.
    private var keySpan: Int64 = 0
    private(set) var earliest: Int64?
    private(set) var latest: Int64?

    init(kind: StreamKind) { self.kind = kind }

    mutating func add(_ packet: FilmPacket) {
        earliest = min(earliest ?? packet.time, packet.time)
        let (end, overflow) = packet.time.addingReportingOverflow(max(0, packet.duration))
        let shownUntil = overflow || end > FilmIndexBuilder.timeCeiling ? packet.time : end
        latest = max(latest ?? shownUntil, shownUntil)
        let index = slotIndex(for: packet)
        slots[index].take(packet)
        if slots.count > FilmIndexBuilder.bucketCeiling { halve() }
    }

    func build(origin: Int64) -> StreamIndex {
        guard let latest, let lastPacket = slots.map(\.latest).max() else {
            return StreamIndex(kind: kind, buckets: [])
        }
        var buckets: [Bucket] = []
        buckets.reserveCapacity(slots.count + 1)
        var high: UInt64 = 0
        for slot in slots {
            buckets.append(Bucket(time: slot.start - origin, low: slot.low, high: high, isKey: slot.isKey))
            high = max(high, slot.high)
        }
        var low = high
        for index in buckets.indices.reversed() {
            low = min(low, buckets[index].low)
            buckets[index].low = low
        }
        // A last packet of unknown duration is shown for a moment at least.
        let end = max(latest, lastPacket + 1000) - origin
        buckets.append(Bucket(time: end, low: high, high: high, isKey: false))
        return StreamIndex(kind: kind, buckets: buckets)
    }

    /// The slot that `packet` belongs to, made if there is none yet.
    private mutating func slotIndex(for packet: FilmPacket) -> Int {
        let (spans, rest) = packet.time.quotientAndRemainder(dividingBy: span)
        let spanStart = (rest < 0 ? spans - 1 : spans) * span
        let isKey = kind == .video && packet.isKey
        var index = lastSlot(startingBy: packet.time)
        if index < 0 || slots[index].start < spanStart {
            index = insertSlot(at: spanStart, isKey: isKey && spanStart == packet.time, after: index)
        }
        guard isKey, slots[index].start != packet.time else {
            if isKey { slots[index].isKey = true }
            return index
        }
        if slots[index].isKey && packet.time - slots[index].start < keySpan { return index }
        return insertSlot(at: packet.time, isKey: true, after: index)
    }

    /// The last slot that starts at or before `time`, -1 for none; at once when packets come in order.
    private func lastSlot(startingBy time: Int64) -> Int {
        var low = 0
        var high = slots.count
        if let last = slots.last, last.start <= time { return slots.count - 1 }
        while low < high {
            let middle = (low + high) / 2
            if slots[middle].start <= time { low = middle + 1 } else { high = middle }
        }
        return low - 1
    }

    /// Puts a slot after the one at `index`, and shares out what that one holds.
    private mutating func insertSlot(at start: Int64, isKey: Bool, after index: Int) -> Int {
        var slot = Slot(start: start, isKey: isKey)
        if index >= 0, slots[index].latest >= start {
            // Which of the packets lie behind the new start is no longer known: both sides count them.
            slot.take(slots[index])
            if slots[index].earliest >= start {
                slots[index] = Slot(start: slots[index].start, isKey: slots[index].isKey)
            }
        }
        slots.insert(slot, at: index + 1)
        return index + 1
    }

    /// Joins neighbours until half of the slots are left: first key frames that are close, then seconds.
    private mutating func halve() {
        while slots.count > FilmIndexBuilder.bucketCeiling / 2 {
            keySpan = max(10_000, keySpan * 2)
            span = max(span, keySpan)
            var joined: [Slot] = []
            for slot in slots {
                if let last = joined.last, slot.start - last.start < keySpan, last.isKey || !slot.isKey {
                    joined[joined.count - 1].take(slot)
                } else {
                    joined.append(slot)
                }
            }
            slots = joined
        }
    }
}
