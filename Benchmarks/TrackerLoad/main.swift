import Glibc

do throws(LoadError) {
    let options = try LoadOptions(arguments: CommandLine.arguments.dropFirst())
    let report = try options.mode.run(options)
    report?.print(asJSON: options.isJSON)
} catch {
    let text = Array("tracker-load: \(error.sentence)\n".utf8)
    _ = unsafe write(STDERR_FILENO, text, text.count)
    exit(1)
}
