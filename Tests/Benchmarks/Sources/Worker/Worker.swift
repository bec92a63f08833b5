import Ceiling
import Foundation
import Workloads

/// ganglion's side of a comparison: reads a JSON object a line and answers each with one, as peers/worker.py does.
///
///     {"cell": "ltc", "mode": "train", "neurons": 32, "threads": 1, "wiring": "all"}   → {"ready": true}
///     {"run": 100}                                                                     → {"seconds": 0.21}
///     {"ceiling": 100000000}                                    → {"level": …, "sigmoid": s, "multiplyAdd": s}
@main struct Worker {
  private var training: TrainingWorkload?
  private var inference: InferenceWorkload?

  static func main() {
    var worker = Worker()
    while let line = readLine() {
      do {
        let request = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
        answer(try worker.carryOut(request))
      } catch {
        answer(["error": "\(error)"])
      }
    }
  }

  private static func answer(_ object: [String: Any]) {
    let data = try? JSONSerialization.data(withJSONObject: object)
    FileHandle.standardOutput.write((data ?? Data("{}".utf8)) + Data("\n".utf8))
  }

  private mutating func carryOut(_ request: [String: Any]) throws -> [String: Any] {
    if let steps = request["run"] as? Int {
      let start = DispatchTime.now().uptimeNanoseconds
      if let training { try training.run(steps) } else { inference?.run(steps) }
      return ["seconds": Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9]
    }
    if let count = request["ceiling"] as? Int {
      let times = (0..<7).map { _ in (sigmoid: ceiling_sigmoid(count), product: ceiling_multiply_add(count)) }
      return [
        "level": String(cString: ceiling_level()), "sigmoid": times.map(\.sigmoid).min() ?? 0,
        "multiplyAdd": times.map(\.product).min() ?? 0,
      ]
    }
    let workload = Workload(
      cell: request["cell"] as? String ?? "ltc", neurons: request["neurons"] as? Int ?? 16,
      threads: request["threads"] as? Int ?? 1, wiring: request["wiring"] as? String ?? "all")
    (training, inference) = (nil, nil)
    if request["mode"] as? String == "infer" {
      inference = try InferenceWorkload(workload)
    } else {
      training = try TrainingWorkload(workload)
    }
    return ["ready": true]
  }
}
