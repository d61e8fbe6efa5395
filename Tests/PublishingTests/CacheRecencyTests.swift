import Testing

@testable import Publishing

@Suite struct CacheRecencyTests {
    @Test func theLeastRecentlyUsedGoesFirst() {
        var recency = CacheRecency(files: [
            .init(etag: "b", size: 2, modified: 20), .init(etag: "a", size: 1, modified: 10),
            .init(etag: "c", size: 4, modified: 30),
        ])
        #expect(recency.totalBytes == 7)
        #expect(recency.leastRecent()?.etag == "a")
        recency.used("a", size: 1)
        #expect(recency.leastRecent()?.etag == "b")
        #expect(recency.leastRecent(except: "b")?.etag == "c")
    }

    @Test func sizesAreCountedOnce() {
        var recency = CacheRecency()
        recency.used("a", size: 10)
        recency.used("a", size: 30)
        recency.forget("missing")
        #expect(recency.totalBytes == 30)
        recency.forget("a")
        #expect(recency.totalBytes == 0)
        #expect(recency.leastRecent() == nil)
    }

    @Test func theFolderIsTheTruth() {
        var recency = CacheRecency()
        recency.used("gone", size: 5)
        recency.used("stays", size: 5)
        recency.replace(with: [.init(etag: "new", size: 3, modified: 1), .init(etag: "stays", size: 6, modified: 1)])
        #expect(recency.totalBytes == 9)
        #expect(recency.count == 2)
        #expect(recency.leastRecent()?.etag == "stays")
    }
}
