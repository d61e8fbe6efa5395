/// Puts together what a worker says from pieces as they come.
struct AnswerReader {
    /// The last word, once it has come.
    private(set) var last: WorkerAnswer?
    private var bytes: ArraySlice<UInt8> = []
    private var noticeBytes = 0
    private let limit: Int

    /// A reader of a last word of at most `limit` bytes.
    init(limit: Int) { self.limit = limit }

    /// The notices that are whole with `more`. Throws `workerFailed` for anything that no worker says, and for anything
    /// after the last word.
    mutating func take(_ more: some Sequence<UInt8>) throws(MediaError) -> [WorkerAnswer] {
        bytes += more
        var notices: [WorkerAnswer] = []
        while !bytes.isEmpty {
            guard last == nil else { throw MediaError(.workerFailed, detail: "more after the last word") }
            let before = bytes.count
            guard let answer = try WorkerAnswer.first(in: &bytes, limit: limit) else { break }
            switch answer {
            case .progress, .beginning:
                noticeBytes += before - bytes.count
                guard noticeBytes <= WorkerAnswer.noticeLimit else {
                    throw MediaError(.workerFailed, detail: "too many notices")
                }
                notices.append(answer)
            default: last = answer
            }
        }
        return notices
    }

    /// The last word, when all has been read.
    func finished() throws(MediaError) -> WorkerAnswer {
        guard let last, bytes.isEmpty else { throw MediaError(.workerFailed, detail: "no answer") }
        return last
    }
}
