import Formats
import Testing

@Suite struct NPYTests {
  let counting = (0..<24).map(Double.init)

  @Test func readsWhatNumpyWrites() throws {
    let cases: [(String, [Int], [Double], ElementType)] = [
      ("c-f4", [2, 3, 4], counting.map { $0 / 4 }, .f32),
      ("fortran-f8", [2, 3, 4], counting.map { $0 / 8 }, .f64),
      ("version2", [2, 3, 4], counting.map { $0 / 8 }, .f64),
      ("version3", [2, 3, 4], counting.map { $0 / 8 }, .f64),
      ("i4", [2, 3, 4], counting.map { $0 - 12 }, .i32),
      ("i8-vector", [2], [-3, 0x1p40], .i64),
      ("b1", [2, 2], [1, 0, 0, 1], .bool),
      ("u1", [2], [0, 255], .u8),
      ("scalar", [], [2.5], .f64),
    ]
    for (name, shape, values, type) in cases {
      #expect(
        try NPY(path: fixture("\(name).npy")) == NPY(shape: shape, values: values, type: type), "\(name)")
    }
  }

  @Test func writesNumpysBytes() throws {
    for name in ["c-f4", "scalar"] {
      #expect(try NPY(path: fixture("\(name).npy")).encoded() == FileBytes.read(fixture("\(name).npy")))
    }
    try withTemporaryPath("x.npy") { path in
      let array = NPY(shape: [3], values: [0.1, -2, 3])
      try array.write(to: path)
      #expect(try NPY(path: path) == array)
    }
  }

  @Test func badFilesAreSentences() throws {
    #expect(
      sentence { _ = try NPY(path: fixture("complex.npy")) }.hasSuffix(
        "complex.npy: the numbers are stored as '<c16', but only <f4, <f8, <i4, <i8, |b1 and |u1 can be read; convert "
          + "with array.astype('<f8')."))
    #expect(
      sentence { _ = try NPY(bytes: [1, 2, 3], file: "x") }
        == "x: the file does not begin like an npy file; save it with numpy.save.")
    let good = try NPY(shape: [2], values: [1, 2]).encoded()
    #expect(
      sentence { _ = try NPY(bytes: good.dropLast(), file: "x") }
        == "x: shape [2] needs 16 bytes but 15 follow the header; the file is damaged, save it again.")
    #expect(
      sentence { _ = try NPY(shape: [3], values: [1]).encoded() }
        == "npy: there are 1 values but the shape is [3].")
    for offset in good.indices {
      _ = sentence { _ = try NPY(bytes: Array(good[..<offset]), file: "x") }
      for value in [0, 0x27, 0x29, 0x39, 0x2C, 0xFF] as [UInt8] {
        var damaged = good
        damaged[offset] = value
        _ = sentence { _ = try NPY(bytes: damaged, file: "x") }
      }
    }
  }
}
