import ByteCoding
import Testing

@Suite struct ByteReaderTests {
    @Test func readsBigEndianIntegersAndBytes() throws {
        let bytes: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0xff, 0xfe]
        var reader = ByteReader(bytes.span.bytes)
        #expect(try reader.read(UInt8.self) == 1)
        #expect(try reader.read(UInt16.self) == 0x0203)
        #expect(try reader.read(UInt32.self) == 0x0405_0607)
        #expect(try reader.readBytes(2) == [8, 9])
        try reader.skip(1)
        #expect(reader.remaining == 2)
        #expect(reader.offset == 10)
        #expect(try reader.read(Int16.self) == -2)
        #expect(reader.remaining == 0)
    }

    @Test func refusesToReadPastTheEndAndStaysWhereItWas() throws {
        let bytes: [UInt8] = [1, 2, 3]
        var reader = ByteReader(bytes.span.bytes)
        var failures = 0
        do { _ = try reader.read(UInt32.self) } catch { failures += 1 }
        do { _ = try reader.readBytes(4) } catch { failures += 1 }
        do { _ = try reader.readBytes(-1) } catch { failures += 1 }
        do { try reader.skip(.max) } catch { failures += 1 }
        do { try reader.skip(-1) } catch { failures += 1 }
        #expect(failures == 5)
        #expect(reader.remaining == 3)
        #expect(reader.readRemaining() == bytes)
        #expect(reader.readRemaining().isEmpty)
    }

    @Test func lendsPartsOfItsBytes() throws {
        let bytes: [UInt8] = [1, 2, 3, 4]
        var reader = ByteReader(bytes.span.bytes)
        let part = try reader.readSpan(3)
        var inner = ByteReader(part)
        #expect(try inner.read(UInt16.self) == 0x0102)
        #expect(inner.remaining == 1)
        #expect(reader.remaining == 1)
    }

    @Test func appendsBigEndianIntegers() {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: UInt16(0x0102))
        bytes.append(bigEndian: Int32(-2))
        bytes.append(bigEndian: UInt64(1))
        bytes.append(bigEndian: UInt8(9))
        #expect(bytes == [1, 2, 0xff, 0xff, 0xff, 0xfe, 0, 0, 0, 0, 0, 0, 0, 1, 9])
    }

    @Test func storesIntoASpanOnlyWhereTheyFit() {
        var bytes = [UInt8](repeating: 0, count: 5)
        var span = bytes.mutableSpan
        var raw = span.mutableBytes
        let stored = [
            raw.store(bigEndian: UInt32(0x0102_0304), at: 1),
            raw.store(bigEndian: UInt32(1), at: 2),
            raw.store(bigEndian: UInt64(1), at: 0),
            raw.store(bigEndian: UInt8(1), at: -1),
            raw.store(bigEndian: UInt8(1), at: .max),
        ]
        #expect(stored == [true, false, false, false, false])
        #expect(bytes == [0, 1, 2, 3, 4])
    }
}
