/// One question to a worker, as it travels in its argument vector.
public enum WorkerJob: Equatable, Sendable {
    /// What is the file?
    case probe
    /// Its clip index from its own tables, if it has them.
    case quickIndex
    /// Its clip index from all its packets.
    case scanIndex
    /// A picture of it, at most so many pixels wide.
    case thumbnail(width: Int)
    /// Some of its key frames, evenly spaced, each so many pixels wide, as one picture.
    case storyboard(frames: Int, width: Int)
    /// A part of it, written into the file on standard output; the answer comes on standard
    /// error.
    case cut(CutOrder)
    #if DEBUG
        /// A misbehaviour, so that tests see what a broken or taken-over worker can do.
        case fault(WorkerFault)
    #endif

    /// The job as arguments.
    public var arguments: [String] {
        switch self {
        case .probe: ["probe"]
        case .quickIndex: ["quick-index"]
        case .scanIndex: ["scan-index"]
        case .thumbnail(let width): ["thumbnail-\(width)"]
        case .storyboard(let frames, let width): ["storyboard-\(frames)-\(width)"]
        case .cut(let order): ["cut-" + order.argument]
        #if DEBUG
            case .fault(let fault): ["fault-\(fault.rawValue)"]
        #endif
        }
    }

    /// The job that `argument` names; nil when it names none.
    public init?(argument: String) {
        switch argument {
        case "probe": self = .probe
        case "quick-index": self = .quickIndex
        case "scan-index": self = .scanIndex
        default:
            if argument.hasPrefix("thumbnail-"), let width = Int(argument.dropFirst(10)), (16...1920).contains(width) {
                self = .thumbnail(width: width)
                return
            }
            if argument.hasPrefix("storyboard-"), let job = Self.storyboard(argument.dropFirst(11)) {
                self = job
                return
            }
            if argument.hasPrefix("cut-"), let order = CutOrder(argument: argument.dropFirst(4)) {
                self = .cut(order)
                return
            }
            #if DEBUG
                if argument.hasPrefix("fault-"), let fault = WorkerFault(rawValue: String(argument.dropFirst(6))) {
                    self = .fault(fault)
                    return
                }
            #endif
            return nil
        }
    }

    private static func storyboard(_ argument: Substring) -> WorkerJob? {
        let numbers = argument.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let frames = numbers[0], let width = numbers[1], frameCounts.contains(frames),
            frameWidths.contains(width)
        else { return nil }
        return .storyboard(frames: frames, width: width)
    }

    /// How many frames a storyboard may have.
    public static let frameCounts = 1...400
    /// How many pixels wide a frame of a storyboard may be.
    public static let frameWidths = 16...640
}
