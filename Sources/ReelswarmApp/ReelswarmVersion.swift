/// The version of the program, as it prints it and as peers and clients see it.
enum ReelswarmVersion {
    static let number = "0.1.0"
    static let text = "reelswarm \(number)"
}
