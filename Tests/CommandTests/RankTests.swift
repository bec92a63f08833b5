import Formats
import Foundation
import Testing

@Suite("ganglion rank") struct RankTests {
  private let folder: Folder
  init() throws { folder = try Folder() }

  /// Σ of `rank` outer products of waves no two of which are alike, [8, 7, 9]; training in the given axis.
  private func write(
    _ name: String, rank: Int = 2, start: Double = 0, axis: Int = 2, change: ([Double]) -> [Double] = { $0 }
  )
    throws -> String
  {
    var shape = [8, 7]
    shape.insert(9, at: axis)
    var values: [Double] = []
    for p in 0..<shape[0] {
      for q in 0..<shape[1] {
        for s in 0..<shape[2] {
          var index = [p, q, s]
          let k = index.remove(at: axis)
          var value = start * sin(Double(1 + 7 * index[0] * index[0] + 3 * index[1] * index[1] * index[0]))
          for r in 1...rank {
            let (x, y, z) = (Double(r * index[0]), Double(r * index[1]), Double(k))
            value += cos(0.9 * x + 1) * sin(0.7 * y + 0.4) * (r == 1 ? z : sin(z))
          }
          values.append(value)
        }
      }
    }
    let path = folder.file(name)
    try NPY(shape: shape, values: change(values)).write(to: path)
    return path
  }

  @Test func oneObjectPerRankAndTheResult() throws {
    let file = try write("w.npy")
    let run = try Program("rank", file, "--ranks", "1:3", "--restarts", "4", "--seed", "5", "--json")
    #expect(run.status == 0 && run.error.isEmpty, "\(run.error)")
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 4 && lines[0].hasPrefix("{\"rank\":1,\"explained\":0."))
    #expect(lines[3].hasPrefix("{\"done\":true,\"suggested\":2,\"matrixRank95\":["))
    let objects = try run.objects()
    #expect(objects.prefix(3).map { $0.int("rank") } == [1, 2, 3])
    #expect(try #require(objects[0].number("explained")) < 0.99)
    #expect(try #require(objects[1].number("explained")) > 1 - 1e-9)
    #expect(try #require(objects[1].number("similarity")) > 1 - 1e-6)
    #expect(objects[1].int("sweeps")! > 1)
    #expect(objects[3].vector("matrixRank95").count == 9)
    #expect(objects[3].vector("unfolding95").count == 3 && objects[3].vector("unfolding95").allSatisfy { 1...2 ~= $0 })
    #expect(
      try Program("rank", file, "--ranks", "1:3", "--restarts", "4", "--seed", "5", "--json").output == run.output)
  }

  @Test func theStartHidesWhatChanged() throws {
    // Training first, as a list of weights becomes an array.
    let file = try write("history.npy", start: 50, axis: 0)
    let raw = try Program("rank", file, "--axis", "0", "--ranks", "2", "--restarts", "3", "--json").objects()
    #expect(raw[1]["suggested"] is NSNull && raw[0].number("explained")! < 0.95)
    let change = try Program(
      "rank", file, "--axis", "0", "--ranks", "2", "--restarts", "3", "--subtract-start", "--json"
    ).objects()
    #expect(change[1].int("suggested") == 2 && change[0].number("explained")! > 1 - 1e-9)
    #expect(change[1].vector("matrixRank95").first == 0)
  }

  @Test func factorsRebuildTheTensor() throws {
    let file = try write("w.npy", axis: 1)
    let target = folder.file("factors")
    let run = try Program("rank", file, "--axis", "1", "--ranks", "1:2", "--restarts", "3", "--factors", target)
    #expect(run.status == 0, "\(run.error)")
    #expect(run.output.contains("rank  explained  similarity  sweeps") && run.output.contains("\n2        1.0000"))
    #expect(run.output.contains("Rank 2: it explains 100 % of the variance"))
    let (a, b, c) = try (
      NPY(path: target + "/a.npy"), NPY(path: target + "/b.npy"), NPY(path: target + "/c.npy")
    )
    #expect(a.shape == [8, 2] && b.shape == [7, 2] && c.shape == [9, 2])
    let tensor = try NPY(path: file)
    for i in 0..<8 {
      for j in 0..<7 {
        for k in 0..<9 {
          let sum = (0..<2).reduce(0) { $0 + a.values[2 * i + $1] * b.values[2 * j + $1] * c.values[2 * k + $1] }
          #expect(abs(sum - tensor.values[(i * 9 + k) * 7 + j]) < 1e-6)
        }
      }
    }
  }

  @Test func missingEntries() throws {
    let file = try write("holes.npy") { values in values.enumerated().map { $0 % 11 == 4 ? .nan : $1 } }
    let unsaid = try Program("rank", file)
    #expect(unsaid.status == 2 && unsaid.output.isEmpty)
    #expect(
      unsaid.error
        == "Error: \(file): the entry at [0, 0, 4] is not a finite number; correct it, or mark it as missing.\n")
    let mask = folder.file("mask.npy")
    try NPY(shape: [8, 7, 9], values: (0..<504).map { $0 % 11 == 4 ? 0 : 1 }).write(to: mask)
    let run = try Program("rank", file, "--mask", mask, "--ranks", "2", "--restarts", "3", "--json").objects()
    #expect(run[0].number("explained")! > 1 - 1e-9 && run[1].int("suggested") == 2)
  }

  @Test func wrongUse() throws {
    let file = try write("w.npy")
    func check(_ sentence: String, _ arguments: String...) throws {
      let run = try Program(["rank"] + arguments)
      #expect(run.status == 2 && run.output.isEmpty && run.error.contains(sentence), "\(run.error)")
    }
    try check("--ranks '1-3' is no range: use FIRST:LAST, as in 1:10.", file, "--ranks", "1-3")
    try check("--ranks 3:1 cannot be", file, "--ranks", "3:1")
    try check("at least one fit a rank is needed, and 0 were asked for", file, "--restarts", "0")
    try check("the axes of the tensor are 0, 1 and 2, and 3 was asked for", file, "--axis", "3")
    try check("is negative, so factors without negative entries cannot describe the tensor", file, "--nonnegative")
    try check("there is no such file", folder.file("none.npy"))
    let flat = folder.file("flat.npy")
    try NPY(shape: [2, 3], values: [1, 2, 3, 4, 5, 6]).write(to: flat)
    try check("the array has 2 axes, but a tensor has three; stack matrices", flat)
    try check("the mask has the shape [2, 3], but the tensor [8, 7, 9]", file, "--mask", flat)
    let still = folder.file("still.npy")
    try NPY(shape: [2, 2, 2], values: [1, 1, 2, 2, 3, 3, 4, 4]).write(to: still)
    try check("every entry of the tensor is zero", still, "--subtract-start")
  }
}

@Suite("ganglion study rank and ltrrnn") struct RankStudyCommandTests {
  private let folder: Folder
  init() throws { folder = try Folder() }

  /// A log whose networks are all done is told again at once; nothing is trained.
  @Test func tellsWhatALogHolds() throws {
    let log = folder.file("rank.jsonl")
    let path =
      "{\"tensor\":\"ΔW\",\"shape\":[4,4,8],\"explained\":[0.6,0.9],\"similarity\":[1,0.99],\"sameNorm\":[0.1,0.2],"
      + "\"sameSingularValues\":[0.15,0.25],\"slice95\":2,\"slice95Largest\":3,\"unfolding95\":[2,2,1],"
      + "\"unfolding99\":[3,3,2]}"
    let plan =
      "{\"version\":1,\"rankPlan\":{\"budget\":\"small\",\"seeds\":[1],\"tasks\":[],\"models\":[],\"neurons\":4,\"steps\":5,"
      + "\"ranks\":2,\"restarts\":2,\"controlRestarts\":1,\"moments\":8}}"
    func run(_ kind: String, _ task: String, _ model: String, _ paths: String, _ more: String) -> String {
      "{\"job\":{\"kind\":\"\(kind)\",\"task\":\"\(task)\",\"model\":\"\(model)\",\"seed\":1},\"paths\":[\(paths)],"
        + "\"losses\":[],\"seconds\":1\(more)}"
    }
    let theorem =
      ",\"theorem\":{\"bound\":10,\"neurons\":32,\"dimension\":10,\"outside\":1e-15,\"dimensionWithAdam\":32,"
      + "\"outsideWithAdam\":0.2,\"dimensionWithTanh\":31,\"outsideWithTanh\":0.1,\"lossLeft\":0.3}"
    let lines = [plan, run("reach", "reach", "rnn", path, ""), run("theorem", "linear", "linear", "", theorem)]
    try (lines.joined(separator: "\n") + "\n").write(toFile: log, atomically: true, encoding: .utf8)
    let svg = folder.file("rank.svg")
    let result = try Program("study", "rank", "--resume", log, "--json", "--svg", svg)
    #expect(result.status == 0, "\(result.error)")
    let objects = try result.objects()
    #expect(objects.count == 7)
    #expect(objects[1].int("rank") == 2 && objects[1].number("expected") == 0.93)
    #expect(objects[1].object("explained").number("mean") == 0.9)
    #expect(abs(objects[1].object("distance").number("mean")! - 0.65) < 1e-12)
    #expect(objects[3]["theorem"] as? String == "linear" && objects[3].int("bound") == 10)
    #expect((objects[4]["sentence"] as? String)?.contains("one seed tells no spread") == true)
    #expect(objects.last?["done"] as? Bool == true)
    #expect(try String(contentsOfFile: svg, encoding: .utf8).contains("</svg>"))
    let table = try Program("study", "rank", "--resume", log)
    #expect(
      table.output.contains("ΔW, 4×4×8: matrix rank for 95 % of the squares: slices 2 (median), unfoldings 2, 2, 1"))
    #expect(try Program("study", "rank", "--resume", log, "--seeds", "2").status == 2)
    #expect(try Program("study", "rank", "--log", log).status == 2)
  }

  @Test func infersANetworkFromARecording() throws {
    let file = folder.file("recording.npy")
    var values: [Double] = []
    for k in 0..<12 {
      for o in 0..<5 { for t in 0..<6 { values.append(sin(Double(t + o)) * (k % 2 == 0 ? 1 : -1) + Double(k) / 12) } }
    }
    try NPY(shape: [12, 5, 6], values: values).write(to: file)
    let trials = folder.file("trials.csv")
    let rows = (0..<12).map { "\($0 % 2 == 0 ? "left" : "right"),\($0 < 6 ? "before" : "after")" }
    try (["condition,epoch"] + rows).joined(separator: "\n").write(toFile: trials, atomically: true, encoding: .utf8)
    let factors = folder.file("factors")
    let result = try Program(
      "ltrrnn", "--data", file, "--trials", trials, "--ranks", "1", "--preparation", "3", "--freeze", "b", "--factors",
      factors, "--json")
    #expect(result.status == 0, "\(result.error)")
    let objects = try result.objects()
    #expect(objects.count == 4)
    #expect(objects[0].int("rank") == 1 && (1...3_000).contains(objects[0].int("iterations") ?? 0))
    #expect(objects[1]["epoch"] as? String == "before" && objects[2]["epoch"] as? String == "after")
    #expect(objects[3]["done"] as? Bool == true && objects[3].int("best") == 1)
    #expect(try NPY(path: factors + "/c.npy").shape == [12, 1])
    let flat = folder.file("flat.npy")
    try NPY(shape: [4, 3], values: [Double](repeating: 1, count: 12)).write(to: flat)
    #expect(try Program("ltrrnn", "--data", flat).status == 2)
    #expect(try Program("ltrrnn", "--data", file, "--freeze", "nothing").status == 2)
    try "condition\nleft\n".write(toFile: trials, atomically: true, encoding: .utf8)
    #expect(try Program("ltrrnn", "--data", file, "--trials", trials).status == 2)
  }
}
