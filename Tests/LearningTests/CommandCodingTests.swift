import Circuits
import Foundation
import Learning
import Samples
import Tasks
import Testing

/// The shape of commands in logs, and what is refused there.
@Suite("Commands in files") struct CommandCodingTests {
  static let lines: [(Command, String)] = [
    (.prune([Synapse(pre: 5, post: 0)]), #"{"prune":{"synapses":[{"post":0,"pre":5}]}}"#),
    (.restore([]), #"{"restore":{"synapses":[]}}"#), (.pruneFraction(0.25), #"{"pruneFraction":{"share":0.25}}"#),
    (.freeze("mu"), #"{"freeze":{"pattern":"mu"}}"#), (.thaw("all"), #"{"thaw":{"pattern":"all"}}"#),
    (
      .edit(parameter: ParameterName(tensor: "w", coordinates: [3, 7]), value: 0.5),
      #"{"edit":{"parameter":"w[3, 7]","value":0.5}}"#
    ), (.setLearningRate(0.5), #"{"setLearningRate":{"rate":0.5}}"#), (.rewind, #"{"rewind":{}}"#),
    (.undo, #"{"undo":{}}"#), (.redo, #"{"redo":{}}"#), (.pause, #"{"pause":{}}"#), (.resume, #"{"resume":{}}"#),
    (.step(2), #"{"step":{"count":2}}"#),
  ]

  @Test(arguments: lines) func haveOneShape(_ command: Command, _ text: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(String(decoding: try encoder.encode(command), as: UTF8.self) == text)
    #expect(try JSONDecoder().decode(Command.self, from: Data(text.utf8)) == command)
  }

  /// A number means another parameter under another layout.
  @Test func aParameterByNumberIsRefusedInASentence() throws {
    let session = try Sample.session()
    let header = try CommandLog(
      header: .init(recipe: .sample(session), task: session.task, layout: session.model.layout)
    ).lines()[0]
    let text = header + "\n" + #"{"command":{"edit":{"parameter":5,"value":0.25}},"step":3}"#
    let problem = #expect(throws: LogProblem.self) { try CommandLog.read(text, file: "old.jsonl") }
    #expect(
      problem?.description
        == "old.jsonl, line 2, column 21: the value of 'parameter' cannot stand there. "
        + "Correct the line, or record the run again with --record or --log.")
  }

  @Test func whatIsNoCommandIsRefused() {
    for text in [
      "{}", #"{"undo":{},"redo":{}}"#, #"{"edit":{"parameter":"w3","value":1}}"#, #"{"freeze":{}}"#,
      #"{"freeze":{"_0":"mu"}}"#,
      #"{"edit":{"parameter":"w[3, x]","value":1}}"#, #"{"dance":{}}"#, "3",
    ] {
      #expect(throws: DecodingError.self, "\(text)") { try JSONDecoder().decode(Command.self, from: Data(text.utf8)) }
    }
  }

  @Test func namesOfParametersAreThoseOfTheLayout() throws {
    let layout = try Sample.model(Sample.task()).layout
    for index in 0..<layout.count {
      let name = try #require(layout.name(of: index))
      #expect(name.description == layout.describe(index) && ParameterName(name.description) == name)
      #expect(try layout.index(of: name) == index)
    }
    #expect(layout.name(of: -1) == nil && layout.name(of: layout.count) == nil)
    #expect(ParameterName("readout.weight[0,1]") == ParameterName(tensor: "readout.weight", coordinates: [0, 1]))
    for text in ["", "w", "[1]", "w[1", "w[-1]", "w[1,]", "w[1.5]"] { #expect(ParameterName(text) == nil, "\(text)") }
  }

  /// Marks stand in checkpoints.
  @Test func marksHaveOneShape() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let session = try Sample.session()
    _ = try session.apply(.setLearningRate(0.5))
    let mark = try #require(session.marks.first)
    #expect(
      String(decoding: try encoder.encode(mark), as: UTF8.self)
        == #"{"kind":"rate","label":"The learning rate is 0.5 now.","step":0}"#)
  }
}
