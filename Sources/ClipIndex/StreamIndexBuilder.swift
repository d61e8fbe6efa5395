/// Gathers one stream's packets into slots of time; at the end slots become buckets.
///
/// A slot starts at a half second (of the container's timeline) that holds packets or at a video key frame. It knows
/// the least offset and the greatest end of the packets in it, so that `low` and `high` of every slot start are exact,
/// no matter in which order packets came.
struct StreamIndexBuilder: Sendable {
    private struct Slot: Sendable {
        var start: Int64
        var isKey: Bool
        var low = UInt64.max
        var high: UInt64 = 0
        var earliest = Int64.max
        var latest = Int64.min
        /// Until when its captions are shown; other packets are looked for by their own time only.
        var shownUntil = Int64.min

        /// When a clip that begins in this slot begins: with its first packet, which in a key slot is the key frame.
        var time: Int64 { isKey ? start : max(start, earliest) }

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
            shownUntil = max(shownUntil, slot.shownUntil)
        }
    }

    let kind: StreamKind
    private var slots: [Slot] = []
    /// Microseconds that a slot without a key frame at its start spans.
    private var span: Int64 = 500_000
    /// Microseconds between key frames that get slots of their own: all of them, until there are too many.
    private var keySpan: Int64 = 0
    private(set) var earliest: Int64?
    private var latest: Int64?

    /// The moment after the last packet; one of unknown duration is there for a millisecond.
    var ending: Int64? {
        guard let latest, let lastPacket = slots.map(\.latest).max() else { return nil }
        return max(latest, lastPacket + 1000)
    }

    init(kind: StreamKind) { self.kind = kind }

    mutating func add(_ packet: FilmPacket) {
        earliest = min(earliest ?? packet.time, packet.time)
        let (end, overflow) = packet.time.addingReportingOverflow(max(0, packet.duration))
        let shownUntil = overflow || end > FilmIndexBuilder.timeCeiling ? packet.time : end
        latest = max(latest ?? shownUntil, shownUntil)
        let index = slotIndex(for: packet)
        slots[index].take(packet)
        if kind == .subtitle {
            let length = shownUntil > packet.time ? shownUntil - packet.time : FilmIndexBuilder.unknownCaption
            let last = packet.time + min(length, FilmIndexBuilder.longestCaption)
            slots[index].shownUntil = max(slots[index].shownUntil, last)
        }
        if slots.count > FilmIndexBuilder.bucketCeiling { halve() }
    }

    /// The table of all packets. Where captions are read in passing (`access`), moments without any get buckets too, so
    /// that no clip reads back to a caption that is long gone.
    func build(origin: Int64, access: FilmAccess) -> StreamIndex {
        let slots = slots.filter { $0.latest >= $0.earliest }
        guard let ending else { return StreamIndex(kind: kind, buckets: []) }
        let lows = lows(of: slots)
        let marksSilence = kind == .subtitle && access != .tables && slots.count < FilmIndexBuilder.bucketCeiling / 2
        var buckets: [Bucket] = []
        buckets.reserveCapacity(slots.count + 1)
        var high: UInt64 = 0
        var shownUntil = Int64.max
        for (index, slot) in slots.enumerated() {
            if marksSilence, shownUntil < slot.time, let last = buckets.last, last.time + origin < shownUntil {
                buckets.append(Bucket(time: shownUntil - origin, low: lows[index], high: high, isKey: false))
            }
            buckets.append(Bucket(time: slot.time - origin, low: lows[index], high: high, isKey: slot.isKey))
            high = max(high, slot.high)
            shownUntil = index == 0 ? slot.shownUntil : max(shownUntil, slot.shownUntil)
        }
        let end = (kind == .subtitle ? max(ending, shownUntil) : ending) - origin
        buckets.append(Bucket(time: end, low: high, high: high, isKey: false))
        return StreamIndex(kind: kind, buckets: buckets)
    }

    /// Of each slot, the least offset of the packets in it and in later ones, and of those still shown when it begins.
    private func lows(of slots: [Slot]) -> [UInt64] {
        var lows = [UInt64](repeating: .max, count: slots.count)
        for (index, slot) in slots.enumerated() {
            let after = (index + 1..<slots.count).firstAfter { slots[$0].time < slot.shownUntil }
            lows[after - 1] = min(lows[after - 1], slot.low)
        }
        for index in lows.indices.dropLast().reversed() { lows[index] = min(lows[index], lows[index + 1]) }
        return lows
    }

    /// The slot that `packet` belongs to, made if there is none yet.
    private mutating func slotIndex(for packet: FilmPacket) -> Int {
        let (spans, rest) = packet.time.quotientAndRemainder(dividingBy: span)
        let spanStart = (rest < 0 ? spans - 1 : spans) * span
        let isKey = kind == .video && packet.isKey
        var index = lastSlot(startingBy: packet.time)
        if index < 0 || slots[index].start < spanStart {
            // After slots were joined the last one may reach into this span: what it holds stays with it.
            let known = index < 0 ? Int64.min : slots[index].latest
            let start = known >= spanStart && known < packet.time ? known + 1 : spanStart
            index = insertSlot(at: start, isKey: isKey && start == packet.time, after: index)
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

    /// Joins neighbours until half of the slots are left: first key frames that are close, then half seconds.
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
