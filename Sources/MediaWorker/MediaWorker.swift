import ClipIndex
import Glibc
import Media

/// The program inside `reelswarm-media-worker`: one question, one film on standard input, one answer on standard
/// output; a job that makes a file writes it there, and answers on standard error. With the question `wait` the real one
/// comes later.
///
/// Synchronous and single-threaded: the sandbox allows no thread. All it links is loaded when `run` begins.
public enum MediaWorker {
    /// Answers the question in `arguments` (program, job, processor seconds, wall seconds, and the film's length where
    /// standard input is a socket) about the film on standard input, and returns the exit code: 0 for every answer,
    /// also that the film is bad; 64 for wrong usage; 70 when the sandbox cannot be closed, in which case no byte of
    /// the input has been read.
    public static func run(arguments: [String]) -> CInt {
        // Such signals reach all programs of a terminal or a service; whoever asked ends this one.
        for number in [SIGINT, SIGTERM] { _ = signal(number, SIG_IGN) }
        if arguments.dropFirst() == ["wait"] { return wait(arguments[0]) }
        guard arguments.count == 4 || arguments.count == 5, let job = WorkerJob(argument: arguments[1]),
            let processor = UInt32(arguments[2]), let wall = UInt32(arguments[3]),
            let source = source(arguments.dropFirst(4).first)
        else { return 64 }
        // A parent that dies takes the deadline with it: the alarm remains.
        _ = alarm(wall.addingReportingOverflow(2).partialValue)
        LibAV.prepare()
        var output: FilmOutput?
        if case .cut(let order) = job {
            let isStream = order.output == .stream
            guard let file = FilmOutput(descriptor: 1, limit: order.byteLimit, isStream: isStream) else { return 64 }
            output = file
            // Encoding takes minutes of the processor; everything else goes first.
            if order.mode == .exact { _ = nice(10) }
        }
        let isClosed = Sandbox.close(
            processorSeconds: UInt(processor), asksForSource: source.isSocket, outputBytes: output?.limit)
        guard isClosed else { return 70 }
        let deadline = Deadline(wallSeconds: Int(wall), processorSeconds: Int(processor))
        let answer = answer(to: job, about: source, output, deadline: deadline)
        return send(answer, to: output == nil ? 1 : 2) ? 0 : 74
    }

    /// Waits, loaded, for a question with its film and its output file, in a message on standard input; ends when nobody
    /// is left to ask it.
    private static func wait(_ program: String) -> CInt {
        guard let (question, input, output) = DescriptorMessage.receive(on: 0) else { return 0 }
        guard question != ["wait"], dup2(input, 0) == 0, dup2(output, 1) == 1 else { return 64 }
        return run(arguments: [program] + question)
    }

    /// Tells how a job that makes a file goes on, before its answer.
    static func tell(_ notice: WorkerAnswer) { _ = send(notice, to: 2) }

    private static func source(_ size: String?) -> SourceFile? {
        guard let size else { return SourceFile(descriptor: 0) }
        return UInt64(size).flatMap { SourceFile(descriptor: 0, size: $0) }
    }

    private static func answer(
        to job: WorkerJob, about source: SourceFile, _ output: FilmOutput?, deadline: Deadline
    ) -> WorkerAnswer {
        let answer: WorkerAnswer
        do throws(MediaError) {
            answer = try result(of: job, about: source, output, deadline)
        } catch {
            answer = .failure(error)
        }
        // What was made of bytes that could not be had is not the film's.
        return source.hasFailed ? .failure(MediaError(.unreadable, detail: "bytes could not be had")) : answer
    }

    private static func result(
        of job: WorkerJob, about source: SourceFile, _ output: FilmOutput?, _ deadline: Deadline
    ) throws(MediaError) -> WorkerAnswer {
        switch job {
        case .probe: return .result(try ProbeJob.run(source, deadline).encoded())
        case .quickIndex: return try QuickIndexJob.run(source, deadline).map { .result($0.encoded()) } ?? .nothing
        case .scanIndex: return .result(try ScanIndexJob.run(source, deadline).encoded())
        case .thumbnail(let width):
            return try ThumbnailJob.run(source, deadline, width: width).map { .result($0) } ?? .nothing
        case .storyboard(let frames, let width):
            let sheet = try StoryboardJob.run(source, deadline, frames: frames, width: width)
            return sheet.map { .result($0) } ?? .nothing
        case .cut(let order):
            guard let output else { return .nothing }
            if order.mode == .exact { return .result(try ExactCutJob(order, source, output, deadline).run().encoded()) }
            return .result(try CutJob(order, source, output, deadline).run().encoded())
        #if DEBUG
            case .fault(let fault): return FaultJob.run(fault)
        #endif
        }
    }

    private static func send(_ answer: WorkerAnswer, to descriptor: CInt) -> Bool {
        let bytes = answer.encoded()
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent)
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}
