import Testing

@testable import Postgres

@Suite struct SQLQueryTests {
    @Test func valuesBecomeNumberedParameters() throws {
        let name: String? = nil
        let query: SQLQuery = "SELECT \(1), \("a' OR 1=1--"), \(name), \([UInt8](repeating: 7, count: 2))"
        let encoded = try EncodedQuery(query)
        #expect(encoded.text == "SELECT $1, $2, $3, $4")
        #expect(encoded.types == [20, 25, 25, 17])
        #expect(encoded.fields == [0..<8, 8..<19, nil, 19..<21])
    }

    @Test func fragmentsKeepTheirValues() throws {
        let condition: SQLQuery = "a = \(1) AND b = \(2)"
        let encoded = try EncodedQuery("SELECT \(0) WHERE \(condition) LIMIT \(3)")
        #expect(encoded.text == "SELECT $1 WHERE a = $2 AND b = $3 LIMIT $4")
        #expect(encoded.types.count == 4)
    }

    @Test func namesAreQuoted() throws {
        let table: SQLIdentifier = "we\"ird"
        #expect(try EncodedQuery("TABLE \(table)").text == "TABLE \"we\"\"ird\"")
    }

    @Test func textWithNULIsRefusedBeforeSQL() {
        #expect(throws: PostgresError(.invalidText, "Text may not hold a NUL character.")) {
            _ = try EncodedQuery("SELECT \("a\u{0}b")")
        }
    }

    @Test(
        arguments: [
            ("  SELECT 1", true), ("SELECT 1 FOR UPDATE", false), ("INSERT INTO a VALUES (1) RETURNING 1", false),
            ("WITH x AS (DELETE FROM a RETURNING 1) SELECT * FROM x", false), ("SELECT pg_notify('a', 'b')", false),
        ] as [(SQLQuery, Bool)]) func onlyPlainSelectsAreReads(query: SQLQuery, isRead: Bool) throws
    {
        #expect(try EncodedQuery(query).isRead == isRead)
    }
}
