/// A stored password: parameters, salt and key, written `$scrypt$ln=15,r=8,p=3$SALT$KEY` (PHC string format,
/// base64 without padding).
struct PasswordHash: Equatable, Sendable {
    let parameters: ScryptParameters
    let salt: [UInt8]
    let key: [UInt8]

    init(parameters: ScryptParameters, salt: [UInt8], key: [UInt8]) {
        self.parameters = parameters
        self.salt = salt
        self.key = key
    }

    /// Nil for any other format, and for parameters outside the ranges of `ScryptParameters`.
    init?(_ text: String) {
        let fields = text.split(separator: "$", omittingEmptySubsequences: false)
        guard fields.count == 5, fields[0].isEmpty, fields[1] == "scrypt" else { return nil }
        guard
            let parameters = Self.parameters(fields[2]),
            let salt = Base64.decode(fields[3]), (8...64).contains(salt.count),
            let key = Base64.decode(fields[4]), key.count == Scrypt.keyLength
        else { return nil }
        self.init(parameters: parameters, salt: salt, key: key)
    }

    var text: String {
        let cost = "ln=\(parameters.logN),r=\(parameters.r),p=\(parameters.p)"
        return "$scrypt$\(cost)$\(Base64.encode(salt))$\(Base64.encode(key))"
    }

    private static func parameters(_ text: Substring) -> ScryptParameters? {
        let values = text.split(separator: ",", omittingEmptySubsequences: false)
        guard values.count == 3 else { return nil }
        var numbers: [Int] = []
        for (value, name) in zip(values, ["ln=", "r=", "p="]) {
            guard value.hasPrefix(name), let number = Int(value.dropFirst(name.count)) else { return nil }
            numbers.append(number)
        }
        return ScryptParameters(checkedLogN: numbers[0], r: numbers[1], p: numbers[2])
    }
}
