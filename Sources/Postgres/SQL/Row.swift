/// One row of a result; columns are counted from 0. It keeps its whole result in memory.
public struct Row: Sendable {
    let table: ResultTable
    let index: Int

    /// The number of columns.
    public var count: Int { table.columnCount }

    /// A column that may not be NULL. Throws `.badColumn` where it is missing, NULL or of another type.
    public func column<Value: SQLConvertible>(
        _ column: Int, as type: Value.Type = Value.self
    ) throws(PostgresError) -> Value {
        guard let value = try self.column(column, as: Value?.self) else {
            throw PostgresError(.badColumn, "Column \(column) is NULL.")
        }
        return value
    }

    /// A column that may be NULL.
    public func column<Value: SQLConvertible>(
        _ column: Int, as type: Value?.Type = Value?.self
    ) throws(PostgresError) -> Value? {
        guard (0..<table.columnCount).contains(column) else {
            throw PostgresError(.badColumn, "There is no column \(column).")
        }
        return try table.value(row: index, column: column, as: Value.self)
    }
}
