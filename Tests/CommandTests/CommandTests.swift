import Foundation
import Testing

/// One small trained model for all tests here.
private let shared: (folder: Folder, model: String) = {
  let folder = try! Folder()
  let model = folder.file("model.safetensors")
  let run = try? Program(
    "train", "--task", "sine", "--neurons", "5", "--wiring", "all", "--unfolds", "2", "--steps", "3", "--freeze",
    "sigma", "--out", model)
  precondition(run?.status == 0, run?.error ?? "")
  return (folder, model)
}()

@Suite("Commands") struct CommandTests {
  @Test(arguments: ["tasks", "models", "solvers", "wirings"]) func lists(_ command: String) throws {
    let plain = try Program(command)
    let objects = try Program(command, "--json").objects()
    #expect(plain.status == 0 && !objects.isEmpty)
    #expect(plain.output.split(separator: "\n").count == objects.count)
    for object in objects {
      #expect(plain.output.contains(object["name"] as? String ?? "?"))
      #expect((object["summary"] as? String)?.isEmpty == false)
    }
  }

  @Test func helpAndVersion() throws {
    #expect(try Program("--version").output.first?.isNumber == true)
    for command in [
      "explore", "train", "evaluate", "run", "inspect", "compare", "study", "tasks", "models", "solvers",
      "wirings",
    ] {
      let help = try Program(command, "--help")
      #expect(help.status == 0 && help.output.contains("USAGE: ganglion \(command)") && help.error.isEmpty)
    }
    #expect(try Program("--generate-completion-script", "bash").status == 0)
  }

  @Test(arguments: ["train", "test", "all"]) func evaluate(_ split: String) throws {
    let result = try Program("evaluate", "--load", shared.model, "--split", split, "--json").object()
    #expect(Set(result.keys) == ["split", "loss", "metrics", "steps", "errors", "warning"])
    #expect(result["split"] as? String == split && result.int("steps") == (split == "all" ? 96 : 48))
    #expect(abs(result.object("metrics").number("mse")! - result.number("loss")!) < 1e-12)
    #expect(try Program("evaluate", "--load", shared.model).output.contains("sine, test: loss"))
  }

  @Test func inspect() throws {
    let result = try Program("inspect", shared.model, "--json").object()
    #expect(
      Set(result.keys) == ["model", "neurons", "inputs", "outputs", "synapses", "parameters", "tensors"])
    #expect(result.int("neurons") == 5 && result.int("inputs") == 2 && result.int("outputs") == 1)
    let synapses = result.object("synapses")
    #expect(Set(synapses.keys) == ["total", "sensory", "pruned", "frozen"])
    #expect(synapses.int("total") == 35 && synapses.int("sensory") == 10 && synapses.int("pruned") == 0)
    let tensors = try #require(result["tensors"] as? [[String: Any]])
    for tensor in tensors {
      #expect(Set(tensor.keys) == ["name", "shape", "minimum", "maximum", "mean", "unit", "frozen"])
      #expect(tensor.number("minimum")! <= tensor.number("mean")! + 1e-6)
    }
    let sigma = try #require(tensors.first { $0["name"] as? String == "sigma" })
    #expect(sigma.int("frozen") == 25 && sigma.vector("shape") == [5, 5])
    #expect(try Program("inspect", shared.model).output.contains("trained for sine: sin, cos → sin 2x"))
  }

  @Test(arguments: ["conductance", "feature"]) func coefficients(_ form: String) throws {
    let (x, u) = ([0.1, -0.2, 0.3, 0.0, 0.5], [0.4, -0.6])
    let list = { (values: [Double]) in values.map { "\($0)" }.joined(separator: ",") }
    let result = try Program(
      "inspect", shared.model, "--coefficients", "--state=\(list(x))", "--input=\(list(u))", "--form", form, "--json"
    ).object()
    #expect(
      Set(result.keys) == [
        "form", "A", "B", "c", "derivative", "residual", "eigenvalues", "jacobianEigenvalues", "timeConstants",
        "targets",
      ])
    let (a, b, c) = (result.matrix("A"), result.matrix("B"), result.vector("c"))
    let derivative = result.vector("derivative")
    for i in 0..<5 {
      let rebuilt = zip(a[i], x).map(*).reduce(0, +) + zip(b[i], u).map(*).reduce(0, +) + c[i]
      #expect(abs(rebuilt - derivative[i]) < 1e-12)
      let drive = (result.vector("targets")[i] - x[i]) / result.vector("timeConstants")[i]
      #expect(abs(drive - derivative[i]) < 1e-12)
    }
    #expect(result.number("residual")! < 1e-12 && result.matrix("eigenvalues").count == 5)
    let trace = result.matrix("eigenvalues").reduce(0) { $0 + $1[0] }
    #expect(abs(trace - (0..<5).reduce(0) { $0 + a[$1][$1] }) < 1e-9)
    #expect(result.matrix("jacobianEigenvalues").allSatisfy { $0.count == 2 })
    #expect(try Program("inspect", shared.model, "--coefficients").output.contains("eigenvalues of A"))
  }

  @Test func runOnATableAndOnAnArray() throws {
    let csv = try shared.folder.write("dt,cos,sin\n1,1,0\n0.5,0.5,0.8\n2,-1,0.1\n", to: "in.csv")
    let result = try Program("run", "--load", shared.model, "--input", csv, "--elapsed", "dt", "--json").object()
    #expect(Set(result.keys) == ["output", "state"])
    #expect(result.matrix("output").map(\.count) == [1, 1, 1] && result.matrix("state").map(\.count) == [5, 5, 5])
    let plain = try Program("run", "--load", shared.model, "--input", csv, "--elapsed", "dt")
    let lines = plain.output.split(separator: "\n")
    #expect(lines.count == 4 && lines[0].hasPrefix("sin 2x,motor 0,inter 0"))

    // numpy: 3 × 2, sin and cos, as doubles.
    var header = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }"
    header += String(repeating: " ", count: 64 - 10 - 1 - header.count % 64 + (header.count > 53 ? 64 : 0)) + "\n"
    var bytes: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
    for value in [0, 1, 0.8, 0.5, 0.1, -1] as [Double] {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += Array($0) }
    }
    let npy = shared.folder.file("in.npy")
    try Data(bytes).write(to: URL(fileURLWithPath: npy))
    let constant = try Program("run", "--load", shared.model, "--input", npy, "--elapsed", "1", "--json")
    #expect(constant.status == 0, "\(constant.error)")
    let first = (try constant.object().matrix("state")[0], result.matrix("state")[0])
    #expect(first.0 == first.1)
    #expect(try constant.object().matrix("state")[2] != result.matrix("state")[2])
  }

  @Test func exploreWithoutATerminalSaysSo() throws {
    for arguments in [["explore", "--size", "0x0"], ["explore", "--task", "nope"]] {
      let run = try Program(arguments)
      #expect(run.status == 2 && run.error.hasPrefix("Error: "))
    }
  }
}
