#if DEBUG
    /// What a test may tell a worker to do, after it has given up its rights.
    public enum WorkerFault: String, CaseIterable, Sendable {
        /// Ends by a signal.
        case crash
        /// Runs for ever on the processor.
        case spin
        /// Waits for ever.
        case hang
        /// Answers more than it may.
        case flood
        /// Answers what is no answer.
        case nonsense
        /// Takes memory until there is none.
        case allocate
        /// Opens a file by name. This and those below answer with one byte: 0 refused, 1 done.
        case openFile = "open"
        /// Opens a network socket.
        case socket
        /// Starts a process.
        case fork
        /// Replaces itself by another program.
        case execute
        /// Asks for memory that is both writable and executable.
        case executableMemory = "wx"
        /// Sends a signal to its parent.
        case signalParent = "signal"
        /// Moves its standard input as if that were a file.
        case position
        /// Asks its standard input for bytes that no film has, and waits. This one answers nothing.
        case ask
    }
#endif
