import ClipIndex
import Glibc
import Media

/// The program inside `reelswarm-media-worker`: one question, one file on standard input, one answer on standard
/// output; a job that makes a file writes it there, and answers on standard error.
///
/// Synchronous and single-threaded: the sandbox allows no thread. All it links is loaded when `run` begins.
public enum MediaWorker {
    /// Answers the question in `arguments` (program, job, processor seconds, wall seconds) about the file on standard
    /// input, and returns the exit code: 0 for every answer, also that the file is bad; 64 for wrong usage; 70 when
    /// the sandbox cannot be closed, in which case no byte of the input has been read.
    public static func run(arguments: [String]) -> CInt {
        guard arguments.count == 4, let job = WorkerJob(argument: arguments[1]),
            let processor = UInt32(arguments[2]), let wall = UInt32(arguments[3])
        else { return 64 }
        guard let source = SourceFile(descriptor: 0) else { return 64 }
        // A parent that dies takes the deadline with it: the alarm remains.
        _ = alarm(wall.addingReportingOverflow(2).partialValue)
        LibAV.prepare()
        var output: FilmOutput?
        if case .cut(let order) = job {
            guard let file = FilmOutput(descriptor: 1, limit: order.byteLimit) else { return 64 }
            output = file
        }
        guard Sandbox.close(processorSeconds: UInt(processor), outputBytes: output?.limit) else { return 70 }
        let deadline = Deadline(wallSeconds: Int(wall), processorSeconds: Int(processor))
        return send(answer(to: job, about: source, output, deadline: deadline), to: output == nil ? 1 : 2)
    }

    private static func answer(
        to job: WorkerJob, about source: SourceFile, _ output: FilmOutput?, deadline: Deadline
    ) -> WorkerAnswer {
        do throws(MediaError) {
            switch job {
            case .probe: return .result(try ProbeJob.run(source, deadline).encoded())
            case .quickIndex: return try QuickIndexJob.run(source).map { .result($0.encoded()) } ?? .nothing
            case .scanIndex: return .result(try ScanIndexJob.run(source, deadline).encoded())
            case .thumbnail(let width):
                return try ThumbnailJob.run(source, deadline, width: width).map { .result($0) } ?? .nothing
            case .cut(let order):
                return try output.map { output throws(MediaError) in
                    .result(try CutJob(order, source, output, deadline).run().encoded())
                } ?? .nothing
            #if DEBUG
                case .fault(let fault): return FaultJob.run(fault)
            #endif
            }
        } catch {
            return .failure(error)
        }
    }

    private static func send(_ answer: WorkerAnswer, to descriptor: CInt) -> CInt {
        let bytes = answer.encoded()
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent)
            }
            guard count > 0 else { return 74 }
            sent += count
        }
        return 0
    }
}
