import Testing

@testable import Publishing

@Suite struct PublishingErrorTests {
    @Test(arguments: [
        (Int64(20) << 30, "20 GiB"), (Int64(1) << 20, "1 MiB"), (1000, "1000 bytes"), (Int64(1536) << 20, "1536 MiB"),
    ]) func theLimitIsInTheSentence(limit: Int64, text: String) {
        let error = PublishingError.tooLarge(limit: limit)
        #expect(error.message.contains(text))
        #expect(error.status == 413)
        #expect(error.code == "too_large")
    }

    @Test(arguments: PublishingError.Kind.allCases) func everyKindHasASentenceAndAStatus(kind: PublishingError.Kind) {
        let error = PublishingError(kind)
        #expect(error.message.hasSuffix("."))
        #expect((400...599).contains(error.status))
    }
}
