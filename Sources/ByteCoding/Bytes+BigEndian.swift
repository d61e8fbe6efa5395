extension [UInt8] {
    /// Appends an integer in network order.
    @inlinable public mutating func append<T: FixedWidthInteger>(bigEndian value: T) {
        var shift = T.bitWidth
        while shift > 0 {
            shift -= 8
            append(UInt8(truncatingIfNeeded: value >> T(truncatingIfNeeded: shift)))
        }
    }
}

extension MutableRawSpan {
    /// Stores an integer in network order at a byte offset; false, and nothing stored, when it does not fit.
    @discardableResult
    @_lifetime(self: copy self)
    @inlinable public mutating func store<T: FixedWidthInteger & BitwiseCopyable>(
        bigEndian value: T, at offset: Int
    ) -> Bool {
        guard offset >= 0, byteCount >= MemoryLayout<T>.size, offset <= byteCount - MemoryLayout<T>.size else {
            return false
        }
        storeBytes(of: value.bigEndian, toByteOffset: offset, as: T.self)
        return true
    }
}
