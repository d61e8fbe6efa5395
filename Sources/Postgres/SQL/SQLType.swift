/// A PostgreSQL type by its object id (`pg_type.dat`); built-in types have fixed ids.
public struct SQLType: Hashable, Sendable {
    /// The object id.
    public let oid: UInt32

    /// Names a type by its object id.
    public init(oid: UInt32) { self.oid = oid }

    /// `boolean`
    public static let bool = SQLType(oid: 16)
    /// `bytea`
    public static let bytes = SQLType(oid: 17)
    /// `bigint`
    public static let int8 = SQLType(oid: 20)
    /// `smallint`
    public static let int2 = SQLType(oid: 21)
    /// `integer`
    public static let int4 = SQLType(oid: 23)
    /// `text`
    public static let text = SQLType(oid: 25)
    /// `double precision`
    public static let float8 = SQLType(oid: 701)
    /// `timestamptz`
    public static let timestamp = SQLType(oid: 1184)
    /// `boolean[]`
    public static let boolArray = SQLType(oid: 1000)
    /// `bytea[]`
    public static let bytesArray = SQLType(oid: 1001)
    /// `smallint[]`
    public static let int2Array = SQLType(oid: 1005)
    /// `integer[]`
    public static let int4Array = SQLType(oid: 1007)
    /// `text[]`
    public static let textArray = SQLType(oid: 1009)
    /// `bigint[]`
    public static let int8Array = SQLType(oid: 1016)
    /// `double precision[]`
    public static let float8Array = SQLType(oid: 1022)
    /// `timestamptz[]`
    public static let timestampArray = SQLType(oid: 1185)
}
