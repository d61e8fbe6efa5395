import Glibc
import MediaWorker

exit(MediaWorker.run(arguments: CommandLine.arguments))
