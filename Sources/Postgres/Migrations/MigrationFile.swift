import Foundation

/// One file `0001_name.sql`: number, name and text.
struct MigrationFile: Sendable {
    let version: Int
    let name: String
    let text: String

    /// The files of a folder in the order of their numbers, which must be 1, 2, 3 and so on.
    static func all(in directory: String) throws(MigrationError) -> [MigrationFile] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
            throw MigrationError("The folder of migrations, \(directory), cannot be read.")
        }
        var files: [MigrationFile] = []
        for name in names.filter({ $0.hasSuffix(".sql") }).sorted() {
            let file = try MigrationFile(name: name, directory: directory)
            guard file.version == files.count + 1 else {
                throw MigrationError("The migrations in \(directory) are not numbered 1, 2, 3...: see \(name).")
            }
            files.append(file)
        }
        guard !files.isEmpty else { throw MigrationError("There are no migrations in \(directory).") }
        return files
    }

    private init(name: String, directory: String) throws(MigrationError) {
        let digits = name.prefix { $0 != "_" }
        guard digits.count == 4, let version = Int(digits) else {
            throw MigrationError("The migration \(name) is not named like 0001_name.sql.")
        }
        guard let text = try? String(contentsOfFile: directory + "/" + name, encoding: .utf8),
            !text.utf8.contains(0)
        else { throw MigrationError("The migration \(name) cannot be read.") }
        self.version = version
        self.name = String(name.dropLast(4))
        self.text = text
    }
}
