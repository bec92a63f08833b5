import Analysis
import Circuits
import Experiments
import Learning
import LinearAlgebra
import Terminal

/// How many directions learning has moved the weights in: what sums of few components explain, with controls; how each
/// goes through training; and which synapses it moves together.
struct RankView: View {
  static let name = "rank"
  var name: String { Self.name }
  let summary =
    "the tensor rank of the weights through learning: variance explained, components, which synapses they move"
  let actions = [
    "rank-again", "component-next", "component-previous", "rank-more", "rank-fewer", "rank-prune", "rank-freeze",
    "show",
  ]

  struct State: ViewState {
    /// The fit that is looked at; the suggested one, or the best, where `nil`.
    var rank: Int?
    /// From 0.
    var component = 0
  }

  /// Those over synapses, the weights first.
  static func tensors(_ scene: Scene) -> [String] {
    scene.model.layout.tensors.filter {
      [.synapse, .sensorySynapse].contains($0.declaration.owner) && $0.declaration.shape.count == 2
    }.map(\.name)
  }

  func title(_ scene: Scene) -> String {
    guard let picture = scene.rankPicture else { return "Rank  of what learning moves" }
    guard let first = picture.steps.first, let last = picture.steps.last else { return "Rank  of Δ\(picture.tensor)" }
    return "Rank  of Δ\(picture.tensor) from step \(NumberText.grouped(first)) to \(NumberText.grouped(last))"
  }

  func pictures(_ scene: Scene) -> [String] {
    ["rank-curve", "components", "training-factors", "weight-path", "weight-eigenvalues"]
  }

  func inspector(_ scene: Scene) -> [String]? {
    guard let picture = scene.rankPicture else { return ["no fit yet: r fits the weights of this network"] }
    guard let fit = scene.rankFit else { return [scene.activity(shownBy: Self.name)?.report.progress ?? ""] }
    var parts = [
      "component \(scene.rankComponent + 1) of \(fit.rank) of Δ\(picture.tensor)",
      "explained \(Self.percent(fit.explained))",
      "similarity \(fit.similarity.map { Scene.fixed($0).trimmed } ?? "–")",
    ]
    if let raw = picture.raw[fit.rank] { parts.append("raw \(Self.percent(raw))") }
    if let control = picture.control[fit.rank] { parts.append("random walk \(Self.percent(control))") }
    if let strongest = picture.synapses(of: scene.rankComponent, in: fit, scene).first {
      parts.append("moves most \(scene.model.wiring.name(of: strongest.synapse))")
    }
    return parts
  }

  static func percent(_ share: Double) -> String { "\(Scene.number(share * 100)) %" }

  func draw(_ scene: Scene, on canvas: inout Canvas) {
    guard let picture = scene.rankPicture, let report = scene.activity(shownBy: Self.name)?.report else {
      canvas.draw(
        Paragraph(
          "Does learning move the weights in few directions? r fits sums of few components to the recorded weights, beside "
            + "training; :rank \(Self.tensors(scene).dropFirst().first ?? "w") --ranks 1:6 fits another tensor.",
          style: Ink.quiet), in: canvas.area.inset(left: 1, right: 1))
      return
    }
    let lines = Paragraph.wrap(verdict(picture, report, scene), columns: max(canvas.width, 1)).prefix(
      canvas.height > 14 ? 2 : 1)
    for (y, line) in lines.enumerated() {
      canvas.text(0, y, line, report.status == .finished ? Ink.good : Ink.warning, maxWidth: canvas.width)
    }
    let body = canvas.area.inset(top: lines.count)
    let all = pictures(scene)
    let chosen = all.firstIndex(of: self.picture(scene)) ?? 0
    let turned = Array(all[chosen...] + all[..<chosen])
    for (panel, index) in zip(turned, places(body)) {
      canvas.inside(index) { draw(panel, picture, scene, on: &$0) }
    }
  }

  private func verdict(_ picture: RankPicture, _ report: ActivityReport, _ scene: Scene) -> String {
    var text =
      report.status == .finished
      ? picture.verdict : "\(report.progress)." + (picture.verdict.isEmpty ? "" : " \(picture.verdict)")
    if let least = picture.matrixRank95.dropFirst().min(), let most = picture.matrixRank95.max() {
      text += " Matrix rank (95 %) of single moments \(least == most ? "\(most)" : "\(least) to \(most)")."
    }
    if let last = picture.steps.last, scene.newest.step > last, report.status.isOver {
      text += " Now is step \(NumberText.grouped(scene.newest.step)): r fits again."
    }
    return text
  }

  private func places(_ body: Rect) -> [Rect] {
    func columns(_ rect: Rect, _ count: Int) -> [Rect] {
      let shares = (0..<count).flatMap { $0 == 0 ? [Rect.Share.weight(1)] : [.cells(2), .weight(1)] }
      return rect.columns(shares).enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    }
    if body.width >= 120, body.height >= 26 {
      let rows = body.rows([.weight(1), .cells(1), .weight(1)])
      return columns(rows[0], 2) + columns(rows[2], 3)
    }
    if body.width >= 100, body.height >= 10 { return columns(body, 2) }
    if body.height >= 24 { return [0, 2].map { body.rows([.weight(1), .cells(1), .weight(1)])[$0] } }
    return [body]
  }

  private func draw(_ panel: String, _ picture: RankPicture, _ scene: Scene, on canvas: inout Canvas) {
    switch panel {
    case "rank-curve": canvas.draw(RankCurve(picture, chosen: scene.rankFit?.rank))
    case "components": canvas.draw(ComponentBars(picture, scene))
    case "training-factors": canvas.draw(TrainingFactors(picture, scene))
    case "weight-path": canvas.draw(WeightPath(picture, scene))
    default: canvas.draw(WeightEigenvalues(picture))
    }
  }
}

extension Scene {
  /// The last fit of the weight history, finished or on its way.
  var rankPicture: RankPicture? { picture(shownBy: RankView.name) }

  /// The fit that is looked at.
  var rankFit: RankFit? {
    guard let picture = rankPicture else { return nil }
    // Where no rank is called, the first that explains enough: the components of more are seldom the tensor's own.
    let wanted =
      self[RankView.self].rank ?? picture.suggested ?? picture.fits.first { $0.explained >= RankRule().explained }?.rank
    return picture.fits.first { $0.rank == wanted } ?? picture.fits.last
  }

  /// Which of its components, from 0.
  var rankComponent: Int { min(self[RankView.self].component, max((rankFit?.rank ?? 1) - 1, 0)) }
}

extension RankPicture {
  /// The present synapses of the tensor with |a_i·b_j| of a component, the largest first.
  func synapses(of component: Int, in fit: RankFit, _ scene: Scene) -> [(synapse: Synapse, size: Double)] {
    let (a, b) = (fit.best.model.factors[0], fit.best.model.factors[1])
    let isSensory = declaration.owner == .sensorySynapse
    let n = scene.neurons
    return scene.connectivity.synapses.filter { ($0.pre >= n) == isSensory && !scene.isPruned($0) }
      .compactMap { synapse -> (synapse: Synapse, size: Double)? in
        let pre = isSensory ? synapse.pre - n : synapse.pre
        guard synapse.post < a.rows, pre < b.rows else { return nil }
        return (synapse, abs(a[synapse.post, component] * b[pre, component]))
      }.sorted { $0.size > $1.size }
  }
}
