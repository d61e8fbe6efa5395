import HTTPTypes
import HTTPWire

/// The files of the site's own looks, read at boot and served from memory.
///
/// Each has an address that holds a hash of its content, may be kept for ever, and changes when the content does. The
/// plain name works too, but is asked for again each time. Files beside it that end in `.br` or `.gz` are its
/// compressed forms; one that is older than its file is left aside.
public struct StaticAssets: Sendable {
    private struct Asset: Sendable {
        let name: String
        let tag: EntityTag
        let type: String
        let bytes: [UInt8]
        var compressed: [(coding: String, bytes: [UInt8])] = []
    }

    private let prefix: String
    private var assets: [String: Asset] = [:]
    /// From the name with its hash to the plain name.
    private var hashed: [String: String] = [:]
    private var addresses: [String: String] = [:]

    /// Reads a directory. `hash` makes a short text of letters and digits from a file's content.
    ///
    /// - Throws: `OpenFileError` when something cannot be read.
    public init(directory: String, prefix: String = "/assets", hash: ([UInt8]) -> String) throws {
        self.prefix = prefix
        let names = try DirectoryListing.files(below: directory)
        let plain = names.filter { name in !Self.isCompressedForm(name, of: names) }
        for name in plain {
            let bytes = try Self.read(directory + "/" + name)
            let digest = String(hash(bytes).prefix(16))
            var asset = Asset(name: name, tag: EntityTag(digest), type: MediaTypes.type(ofPath: name), bytes: bytes)
            for (suffix, coding) in [(".br", "br"), (".gz", "gzip")] where names.contains(name + suffix) {
                guard try Self.isFresh(directory + "/" + name + suffix, of: directory + "/" + name) else { continue }
                asset.compressed.append((coding, try Self.read(directory + "/" + name + suffix)))
            }
            let withHash = Self.insert(digest, into: name)
            assets[name] = asset
            hashed[withHash] = name
            addresses[name] = prefix + "/" + withHash
        }
    }

    /// The address of a file by its name in the directory, such as `site.css`. A name that is not there is given its
    /// plain address, which will be 404.
    public func path(for name: String) -> String {
        addresses[name] ?? prefix + "/" + name
    }

    /// The names of all files.
    public var names: [String] { assets.keys.sorted() }

    /// The content of a file by its name in the directory.
    public func content(of name: String) -> [UInt8]? { assets[name]?.bytes }

    /// Serves the files below the prefix.
    public func mount(on router: inout Router) {
        router.direct(.get, prefix + "/{path...}") { request in respond(to: request) }
    }

    private func respond(to request: Request) -> Response {
        let path = request.parameters["path"] ?? ""
        let isImmutable = hashed[path] != nil
        guard let asset = assets[hashed[path] ?? path] else { return Router.plainText(.notFound) }
        var headers: HTTPFields = [
            .cacheControl: isImmutable ? "public, max-age=31536000, immutable" : "no-cache",
            .eTag: asset.tag.formatted, .vary: "Accept-Encoding", .xContentTypeOptions: "nosniff",
        ]
        if Preconditions(request.headers, method: request.method, etag: asset.tag, lastModified: nil) == .notModified {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = asset.type
        let accepted = AcceptEncoding(request.headers[.acceptEncoding])
        if let form = asset.compressed.first(where: { accepted.accepts($0.coding) }) {
            headers[.contentEncoding] = form.coding
            // The same tag for two codings must be weak.
            headers[.eTag] = EntityTag(asset.tag.opaque, isWeak: true).formatted
            return Response(headers: headers, body: .bytes(form.bytes))
        }
        return Response(headers: headers, body: .bytes(asset.bytes))
    }

    private static func isCompressedForm(_ name: String, of names: [String]) -> Bool {
        (name.hasSuffix(".br") || name.hasSuffix(".gz")) && names.contains(String(name.dropLast(3)))
    }

    private static func isFresh(_ compressed: String, of plain: String) throws -> Bool {
        try OpenFile(path: compressed).modified >= OpenFile(path: plain).modified
    }

    private static func read(_ path: String) throws -> [UInt8] {
        let file = try OpenFile(path: path)
        return try file.read(at: 0, count: Int(file.size))
    }

    /// `js/app.js` becomes `js/app.<digest>.js`.
    private static func insert(_ digest: String, into name: String) -> String {
        let slash = name.lastIndex(of: "/") ?? name.startIndex
        guard let dot = name[slash...].lastIndex(of: ".") else { return name + "." + digest }
        return name[..<dot] + "." + digest + name[dot...]
    }
}
