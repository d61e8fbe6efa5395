#if DEBUG
    import CLinux
    import Glibc
    import Media

    /// Misbehaves as told, from inside the closed sandbox.
    enum FaultJob {
        static func run(_ fault: WorkerFault) -> WorkerAnswer {
            switch fault {
            case .crash: return raiseFault()
            case .spin: while true {}
            case .hang: while true { var forever = CInt(0); _ = linux_wait_on(&forever) }
            case .flood: return .result([UInt8](repeating: 0, count: 8 << 20))
            case .nonsense: return nonsense()
            case .allocate: return allocate()
            case .openFile: return done(open("/etc/passwd", O_RDONLY) >= 0)
            case .socket: return done(socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0) >= 0)
            case .fork: return done(linux_try_fork() >= 0)
            case .execute: return done(linux_try_execute("/bin/true") == 0)
            case .executableMemory:
                return done(mmap(nil, 4096, PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
            case .signalParent: return done(kill(getppid(), 0) == 0)
            case .position: return done(lseek(0, 0, SEEK_SET) >= 0 || errno != EPERM)
            case .ask: return ask()
            }
        }

        private static func done(_ isDone: Bool) -> WorkerAnswer { .result([isDone ? 1 : 0]) }

        private static func raiseFault() -> WorkerAnswer {
            UnsafeMutablePointer<UInt8>(bitPattern: 8)?.pointee = 1
            return .nothing
        }

        private static func ask() -> WorkerAnswer {
            _ = write(0, [UInt8](repeating: 0xff, count: SourceAsk.length), SourceAsk.length)
            while true { var forever = CInt(0); _ = linux_wait_on(&forever) }
        }

        private static func nonsense() -> WorkerAnswer {
            _ = write(1, "This is no answer.", 18)
            exit(0)
        }

        private static func allocate() -> WorkerAnswer {
            var kept = 0
            while let block = malloc(16 << 20) {
                memset(block, 1, 16 << 20)
                kept += 1
            }
            return .result([UInt8(clamping: kept)])
        }
    }
#endif
