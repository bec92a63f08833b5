import Formats
import Testing

@Suite struct CSVTableTests {
  @Test func readsColumnsByName() throws {
    let t = try table("time,volts\n0,244.390\n1,-1.5e2\n")
    #expect(t.names == ["time", "volts"])
    #expect(t.rowCount == 2)
    #expect(try t.numbers("volts") == [244.39, -150])
    #expect(try t.completeNumbers("time") == [0, 1])
  }

  @Test(arguments: [
    "a,b\n1,2\n3,4\n", "a;b\n1;2\n3;4\n", "a\tb\n1\t2\n3\t4\n", "\u{FEFF}a,b\r\n1,2\r\n3,4", "a,b\r1,2\r3,4\r",
  ])
  func separatorsAndLineEnds(_ text: String) throws {
    let t = try table(text)
    #expect(t.names == ["a", "b"])
    #expect(try t.numbers("b") == [2, 4])
    #expect(t.line(ofRow: 1) == 3)
  }

  @Test func separatorInsideQuotesIsNotGuessed() throws {
    let t = try table("\"x;y;z\",b\n1,2\n")
    #expect(t.names == ["x;y;z", "b"])
  }

  @Test func quotedFieldsKeepLinesRight() throws {
    let t = try table("name,n\n\"two\nlines\",1\n\"say \"\"hi\"\"\",2\nplain \"quote\",3\n\"\"\"\"\"\",4\n")
    #expect(t.texts(0) == ["two\nlines", "say \"hi\"", "plain \"quote\"", "\"\""])
    #expect((0..<4).map { t.line(ofRow: $0) } == [2, 4, 5, 6])
    let late = try table("name,n\r\n\"two\r\nlines\",1\r\nx,oops\r\n")
    #expect(
      sentence { _ = try late.numbers("n") }
        == "t.csv, line 4, column 'n': 'oops' stands where a finite number belongs; correct it, or leave the field "
        + "empty if the value is missing.")
  }

  @Test func missingValues() throws {
    let t = try table("a,b\n,1\nNA,1\nnan,1\nNULL,1\n?,1\n \"\",1\nN/A,1\n 7 ,1\n".replacing(" \"\"", with: "\"\""))
    #expect(try t.numbers("a") == [nil, nil, nil, nil, nil, nil, nil, 7])
    #expect(
      sentence { _ = try t.completeNumbers("a") } == "t.csv, line 2, column 'a': the value is missing; fill it in.")
  }

  @Test func numbersAreRoundedCorrectly() throws {
    // Each against the standard library's own reader, over the fast way, its limits and beyond them.
    let texts = [
      "0.1", "1e22", "1e23", "9007199254740993", "123456789012345678", "1234567890123456789012",
      "2.2250738585072014e-308",
      "4.9e-324", "1e-400", ".5", "5.", "+3", "-0", "0.3e-10", "1.7976931348623157e308", "8.41470984807896506653",
    ]
    let t = try table("x\n" + texts.joined(separator: "\n"))
    #expect(
      try t.numbers("x") == texts.map { Double($0.hasPrefix(".") ? "0" + $0 : $0.hasSuffix(".") ? $0 + "0" : $0) })
    for bad in ["1e999", "inf", "0x10", "1e", "e5", ".", "-", "1.2.3", "1 2", "--1", "1e+", "12abc"] {
      #expect(throws: FormatError.self, "\(bad)") { try table("x\n\(bad)\n").numbers("x") }
    }
    #expect(sentence { _ = try table("x;y\n3,5;1\n").numbers("x") }.contains("write decimals with a point"))
  }

  @Test func unknownColumnSuggestsTheNearest() throws {
    let t = try table("active,reactive,volts\n1,2,3\n")
    #expect(
      sentence { _ = try t.numbers("Vots") }
        == "t.csv: there is no column 'Vots'; did you mean 'volts'? columns are active, reactive, volts.")
    #expect(
      sentence { _ = try t.numbers("kitchen") }
        == "t.csv: there is no column 'kitchen'; columns are active, reactive, volts.")
  }

  @Test(arguments: [
    ("", "t.csv: the file is empty; it needs a row of column names and rows of values."),
    ("\n\n", "t.csv: the file is empty; it needs a row of column names and rows of values."),
    ("a,b\n", "t.csv, line 1: there are column names but no rows below them."),
    ("a,b\n1,2\n3\n", "t.csv, line 3: the row has 1 field where line 1 has 2; give every row the same number."),
    ("a,b\n1,2,3\n", "t.csv, line 2: the row has 3 fields where line 1 has 2; give every row the same number."),
    ("a,b,a\n1,2,3\n", "t.csv, line 1: columns 1 and 3 are both called 'a'; rename one."),
    ("a,\n1,2\n", "t.csv, line 1: column 2 has no name; name it in the header."),
    ("a\n1\n\"x\ny\n", "t.csv, line 3: a quote opens here and is never closed; close it or double it (\"\")."),
    (
      "a,b\n\"x\"y,1\n",
      "t.csv, line 2: text follows a closing quote; double the quotes that belong to the text (\"\")."
    ),
    ("a\n1\n\u{0}\n", "t.csv, line 3: there is a zero byte; this is not a text file."),
  ])
  func badFilesAreSentences(_ text: String, _ expected: String) {
    #expect(sentence { _ = try table(text) } == expected)
  }

  @Test func encodings() throws {
    #expect(
      sentence { _ = try CSVTable(bytes: Array("é\n1\n".utf8) + [0x31, 0xFF, 0x0A], file: "t.csv") }
        == "t.csv, line 3: the bytes are not UTF-8; save the file as UTF-8.")
    #expect(
      sentence { _ = try CSVTable(bytes: [0xFF, 0xFE, 0x61, 0], file: "t.csv") }
        == "t.csv: the text is UTF-16; save it as UTF-8.")
    #expect(try table("größe\n1\n").numbers("größe") == [1])
  }

  @Test func blankLines() throws {
    #expect(try table("a,b\n\n1,2\n\n\n3,4\n\n").numbers("a") == [1, 3])
    // A single column cannot tell a blank line from a missing value: between rows it is one.
    let single = try table("a\n1\n\n3\n\n\n")
    #expect(try single.numbers("a") == [1, nil, 3])
    #expect(single.line(ofRow: 2) == 4)
  }

  @Test func withoutHeader() throws {
    let t = try table("1,2\n3,4\n", header: false)
    #expect(t.names == ["column 1", "column 2"])
    #expect(try t.numbers(1) == [2, 4])
    #expect(t.line(ofRow: 0) == 1)
  }

  @Test func filesThatCannotBeRead() throws {
    #expect(
      sentence { _ = try CSVTable(path: "/nowhere/x.csv") }
        == "/nowhere/x.csv: cannot be opened: there is no such file or folder; check the path.")
    #expect(sentence { _ = try CSVTable(path: "/tmp") } == "/tmp: is a folder; name a file in it.")
    #expect(sentence { _ = try CSVTable(path: fixture("empty.csv")) }.contains("the file is empty"))
  }

  @Test func everyPrefixOfHostileTextEndsInATableOrASentence() {
    let text = Array("\u{FEFF}a;\"b\"\"\n\",c\r\n\"1\",é\t,\"\r\",\r2;3\n\n\"".utf8)
    for length in 0...text.count {
      _ = sentence { _ = try CSVTable(bytes: Array(text[..<length]), file: "t.csv").numbers(0) }
    }
  }

  @Test func writerReadsBack() throws {
    var writer = CSVWriter(columns: ["name", "value, \"V\""])
    writer.append(["a,b", "1\n2"])
    writer.append([0.1, .nan])
    writer.append([" x", "é"])
    #expect(
      String(decoding: writer.bytes, as: UTF8.self)
        == "name,\"value, \"\"V\"\"\"\n\"a,b\",\"1\n2\"\n0.1,\n\" x\",é\n")
    let t = try CSVTable(bytes: writer.bytes, file: "t.csv")
    #expect(t.names == ["name", "value, \"V\""])
    #expect(t.texts(1) == ["1\n2", "", "é"])
  }
}
