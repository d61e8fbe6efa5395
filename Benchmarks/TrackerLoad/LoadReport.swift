import CLinux
import Glibc

/// What a run reached.
struct LoadReport {
    var answered = 0
    var refused = 0
    var lost = 0
    /// Answers that belong to no request.
    var strange = 0
    /// Peers in all answers.
    var peers = 0
    var seconds = 0.0
    /// What the tracker's process used meanwhile, when its number was given.
    var process: ProcessUse?

    private var rate: Double { Double(answered) / max(seconds, 1e-9) }

    func print(asJSON: Bool) {
        var fields: [(String, String)] = [
            ("answered", "\(answered)"), ("per_second", "\(Int(rate))"), ("refused", "\(refused)"), ("lost", "\(lost)"),
            ("strange", "\(strange)"), ("peers_per_answer", rounded(Double(peers) / Double(max(1, answered)))),
            ("seconds", rounded(seconds)),
        ]
        if let process {
            fields.append(("server_cpu_seconds", rounded(process.processorSeconds)))
            fields.append(("server_user_seconds", rounded(process.userSeconds)))
            fields.append(("per_cpu_second", "\(Int(Double(answered) / max(process.processorSeconds, 1e-9)))"))
            fields.append(("server_rss", "\(process.residentBytes)"))
        }
        if asJSON {
            Swift.print("{" + fields.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}")
        } else {
            Swift.print(fields.map { "\($0) \($1)" }.joined(separator: ", "))
        }
    }

    private func rounded(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}

/// Processor time and memory of a process.
struct ProcessUse {
    var processorSeconds: Double
    /// The part of it outside the kernel.
    var userSeconds: Double
    var residentBytes: Int

    init?(pid: Int?) {
        guard let pid, let stat = Self.text("/proc/\(pid)/stat"), let statm = Self.text("/proc/\(pid)/statm"),
            let end = stat.lastIndex(of: ")")
        else { return nil }
        // Behind the name: state, then ten fields, then user and system time in hundredths of a second.
        let fields = stat[end...].split(separator: " ")
        let pages = statm.split(separator: " ")
        guard fields.count > 13, pages.count > 1, let user = Double(fields[12]), let system = Double(fields[13]),
            let resident = Int(pages[1])
        else { return nil }
        processorSeconds = (user + system) / 100
        userSeconds = user / 100
        residentBytes = resident * 4096
    }

    func since(_ start: ProcessUse) -> ProcessUse {
        var use = self
        use.processorSeconds -= start.processorSeconds
        use.userSeconds -= start.userSeconds
        return use
    }

    private static func text(_ path: String) -> String? {
        let descriptor = unsafe open(path, O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}

/// Seconds on the monotonic clock.
func monotonicSeconds() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
