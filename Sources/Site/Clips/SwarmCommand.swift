import ClipIndex

/// The command that fetches a clip out of the swarm, ready to be pasted into a shell.
enum SwarmCommand {
    /// `reelswarm get 'URL' --start 62 --end 100 -o 'NAME'`. Nothing in the URL or the name is read by the shell or
    /// taken for an option.
    static func line(torrent: String, start: Double, end: Double, output: String) -> String {
        let file = output.hasPrefix("-") ? "./" + output : output
        return "reelswarm get \(quoted(torrent)) --start \(ClipTime.number(start)) --end \(ClipTime.number(end))"
            + " -o \(quoted(file))"
    }

    /// A text as one word of a POSIX shell. Control characters, which a terminal would act on while they are pasted,
    /// and backslashes, which some shells read within quotes, become underlines.
    static func quoted(_ text: String) -> String {
        var word = "'"
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
                word.unicodeScalars.append("_")
            default:
                if scalar == "'" { word += "'\\''" } else { word.unicodeScalars.append(scalar == "\\" ? "_" : scalar) }
            }
        }
        return word + "'"
    }
}
