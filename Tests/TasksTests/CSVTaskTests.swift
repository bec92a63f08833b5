import Formats
import Tasks
import Testing

@Suite struct CSVTaskTests {
  func build(
    _ text: String, _ targets: [String], features: [String]? = nil, time: String? = nil, series: String? = nil,
    kind: CSVTask.Kind? = nil, horizon: Int? = nil, fraction: Double = 0.75
  ) throws -> TaskData {
    let task = CSVTask(
      path: "t.csv", targets: targets, features: features, time: time, series: series, kind: kind, horizon: horizon,
      trainingFraction: fraction)
    return try task.build(CSVTable(bytes: Array(text.utf8), file: "t.csv"))
  }

  /// x counts from 1, y is x².
  let squares = "x,y\n" + (1...8).map { "\($0),\($0 * $0)\n" }.joined()

  @Test func forecastOfTheNextRow() throws {
    let data = try build(squares, ["y"])
    #expect(data.kind == .regression)
    #expect(data.inputs.map(\.name) == ["x", "y"])
    #expect(data.training.map(\.steps) == [5] && data.heldOut.map(\.steps) == [1])
    // Normalised on the rows that train: x over 1…6, targets over 4…36.
    #expect(data.inputs[0].offset == 3.5)
    #expect(abs(data.inputs[0].scale - (35.0 / 12).squareRoot()) < 1e-15)
    #expect(data.training[0].targets.map { data.targets[0].restore($0).rounded() } == [4, 9, 16, 25, 36])
    #expect(abs(data.targets[0].restore(data.heldOut[0].targets[0]) - 64) < 1e-12)
    #expect(abs(data.inputs[1].restore(data.heldOut[0].inputs[1]) - 49) < 1e-12)
    #expect(data.training[0].elapsed == [1, 1, 1, 1, 1])
    #expect(data.timeUnit == "row")
  }

  @Test func horizonsAndFeatures() throws {
    let same = try build(squares, ["y"], horizon: 0)
    #expect(same.inputs.map(\.name) == ["x"])
    #expect(same.training[0].targets.map { same.targets[0].restore($0).rounded() } == [1, 4, 9, 16, 25, 36])
    let three = try build(squares, ["y"], features: ["x"], horizon: 1, fraction: 0.5)
    #expect(three.inputs.map(\.name) == ["x"])
    #expect(three.heldOut[0].targets.map { three.targets[0].restore($0).rounded() } == [36, 49, 64])
    // Persistence: 36 after 25, 49 after 36, 64 after 49.
    let half = try build(squares, ["y"], horizon: 1, fraction: 0.5)
    let mean = (36.0 + 49 + 64) / 3
    let spread = [36.0, 49, 64].reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let missed: Double = 11 * 11 + 13 * 13 + 15 * 15
    #expect(abs(half.baselines[0].value - missed / spread) < 1e-12)
  }

  @Test func missingValues() throws {
    let text = "a,b,y\n,5,1\n2,NA,2\n,5,\n4,5,4\n3,6,7\n1,5,6\n2,5,1\n1,5,2\n"
    let data = try build(text, ["y"], features: ["a", "b"], horizon: 0, fraction: 0.5)
    let a = (0..<4).map { data.inputs[0].restore(data.training[0].inputs[2 * $0]) }
    // Before the first known value the training mean, then the value before.
    #expect(a == [3, 2, 2, 4])
    #expect(data.training[0].weights == [1, 1, 0, 1])
    #expect(data.training[0].targets[2] == 0)
    #expect(
      data.notes == [
        "Column 'a' has 2 missing values; each takes the value before it.",
        "Column 'b' never changes in the training part and tells the network nothing.",
        "Column 'b' has 1 missing values; each takes the value before it.",
        "1 rows lack a target and do not count in the error.",
      ])
  }

  @Test func timeNumericAndISO() throws {
    let text = "t,y\n0,1\n2,2\n4,3\n10,5\n12,4\n14,6\n16,7\n18,9\n"
    let numeric = try build(text, ["y"], features: ["y"], time: "t")
    #expect(numeric.timeUnit == "2 t")
    #expect(numeric.training[0].elapsed == [1, 1, 3, 1, 1])
    let hours =
      "when,y\n" + ["03", "04", "05", "09", "10", "11", "12", "13"].map { "2024-02-29 \($0):00,\($0)\n" }.joined()
    let dated = try build(hours, ["y"], time: "when")
    #expect(dated.timeUnit == "h")
    #expect(dated.training[0].elapsed == [1, 1, 4, 1, 1])
    #expect(dated.inputs.map(\.name) == ["y"])
    // About the same row the elapsed time is the time since the row before.
    let same = try build("x," + hours.replacing("\n2", with: "\n1,2"), ["y"], features: ["x"], time: "when", horizon: 0)
    #expect(same.training[0].elapsed == [1, 1, 1, 4, 1, 1])
    let unused = try build("x," + hours.replacing("\n2", with: "\n1,2"), ["y"])
    #expect(
      unused.notes.contains(
        "Column 'when' looks like a time but is not used; name it with --time if steps are irregular."))
  }

  @Test func seriesAreSplitAsWholes() throws {
    let text =
      "who,t,x,label\n"
      + ["b", "a", "c", "d"].map { who in
        (1...3).map { "\(who),\($0),\($0)\(who == "a" ? 1 : 2),\($0 == 2 ? "run" : "walk")\n" }.joined()
      }.joined()
    let data = try build(text, ["label"], time: "t", series: "who")
    #expect(data.training.map(\.name) == ["who b", "who a", "who c"])
    #expect(data.heldOut.map(\.name) == ["who d"])
    #expect(data.kind == .classes(names: ["run", "walk"]))
    #expect(data.inputs.map(\.name) == ["x"])
    #expect(data.training[0].targets == [1, 0, 1])
    #expect(data.baselines == [Baseline(name: "majority", metric: "accuracy", value: 2.0 / 3)])
    #expect(data.notes == ["Column 'label' holds text, so its 2 different values are classes."])
    // Rows of different series may be mixed; time runs within each.
    let mixed = try build("s,t,y\nA,1,1\nB,1,5\nA,2,2\nB,2,7\nA,3,4\nB,3,8\n", ["y"], time: "t", series: "s")
    #expect(mixed.training.map(\.steps) == [2] && mixed.heldOut.map(\.steps) == [2])
    #expect(mixed.training[0].targets.map { mixed.targets[0].restore($0) } == [2, 4])
  }

  @Test func classesAndLabels() throws {
    let numbers = try build("x,k\n1,10\n2,9\n3,10\n4,9\n5,10\n6,9\n", ["k"], kind: .classification)
    #expect(numbers.kind == .classes(names: ["9", "10"]))
    let labels = try build(
      "x,on,off\n1,0,1\n2,1,0\n3,0,1\n4,0,1\n5,1,1\n6,0,0\n7,1,0\n8,0,1\n", ["on", "off"], horizon: 0)
    #expect(labels.kind == .labels(positiveWeights: [2, 0.5]))
    #expect(labels.targets.map(\.name) == ["on", "off"])
    #expect(labels.inputs.map(\.name) == ["x"])
    let asked = try build("x,on\n1,0\n2,1\n3,0\n4,0\n5,1\n6,0\n", ["on"], kind: .regression)
    #expect(asked.kind == .regression)
  }

  @Test func everyMistakeIsASentence() {
    let cases: [(() throws -> TaskData, String)] = [
      (
        { try build("x,volts\n1,2\n2,3\n", ["vlots"]) },
        "t.csv: there is no column 'vlots'; did you mean 'volts'? columns are x, volts."
      ),
      (
        { try build("x,y\n1,2\n2,three\n3,4\n", ["y"]) },
        "t.csv, line 3, column 'y': 'three' stands where a finite number belongs; correct it, or leave the field empty if "
          + "the value is missing."
      ),
      (
        { try build("x,y\n1,2\n", ["y"]) },
        "t.csv, line 2, column 'y': every value from this line on is 2.0, which leaves nothing to learn; choose another "
          + "target."
      ),
      (
        { try build("x,y\n1,2\n2,3\n", ["y"]) },
        "t.csv: there are only 2 rows, too few to train on the first 75 % and test on the rest with a horizon of 1; add "
          + "rows."
      ),
      (
        { try build("x,y\n1,\n2,NA\n", ["y"]) },
        "t.csv, line 2, column 'y': every value from this line on is missing; choose another target."
      ),
      (
        { try build("x,y\n,1\n,2\n,3\n,4\n", ["y"], features: ["x"], horizon: 0) },
        "t.csv, column 'x': every value from line 2 on is missing; fill some in, or leave the column out of the features."
      ),
      (
        { try build("x,y\n,1\n,2\n,3\n5,4\n", ["y"], features: ["x"], horizon: 0) },
        "t.csv, column 'x': every value of the training part is missing; fill some in, or leave the column out of the "
          + "features."
      ),
      (
        { try build("x,y\n1,1\n2,2\n3,3\n4,4\n", ["y"], features: ["x", "y"], horizon: 0) },
        "t.csv, column 'y': the column is both target and feature of the same row, which leaves nothing to learn; leave "
          + "it out of the features, or forecast it with a horizon of 1 or more."
      ),
      (
        { try build("y\n1\n2\n3\n4\n", ["y"], horizon: 0) },
        "t.csv: no column with numbers is left to serve as input besides y."
      ),
      (
        { try build("t,y\n1,1\n3,2\n2,3\n4,4\n", ["y"], time: "t") },
        "t.csv, line 4, column 't': '2' does not come after '3' of line 3; sort the rows by time, or name the column that "
          + "tells sequences apart with --series."
      ),
      (
        { try build("t,y\n2024-01-01,1\n2024-01-32,2\n", ["y"], time: "t") },
        "t.csv, line 3, column 't': '2024-01-32' is neither a number nor a time such as 2017-01-02T03:04; correct it."
      ),
      (
        { try build("t,y\n1,1\n,2\n", ["y"], time: "t") },
        "t.csv, line 3, column 't': the time is missing; fill it in."
      ),
      (
        { try build("s,y\nA,1\n,2\n", ["y"], series: "s") },
        "t.csv, line 3, column 's': the row does not say which series it belongs to; fill the value in."
      ),
      (
        { try build("x,k\n1,a\n2,a\n", ["k"]) },
        "t.csv, line 2, column 'k': every row is of the class 'a', which leaves nothing to tell apart; choose another "
          + "target."
      ),
      (
        { try build("x,k,l\n1,a,b\n2,c,d\n", ["k", "l"]) },
        "t.csv: k, l cannot be classified together: only labels of 0 and 1 can; name one target."
      ),
      (
        { try build("x,k,l\n1,0,1\n2,1,2\n", ["k", "l"], kind: .classification) },
        "t.csv, line 3, column 'l': '2' is neither 0 nor 1, as labels must be where several targets are classified; "
          + "classify one target at a time."
      ),
      (
        { try build("x,y\n1,1\n2,2\n3,\n4,\n", ["y"], horizon: 0, fraction: 0.5) },
        "t.csv, column 'y': the held-out part has no row in which the target is known; fill values in or change the split."
      ),
      ({ try build("x,y\n1,1\n", []) }, "t.csv: no target is named; columns are x, y."),
      ({ try build("x,y\n1,1\n", ["y", "y"]) }, "t.csv: column 'y' is named as a target twice; name it once."),
      (
        { try build("x,y\n1,1\n", ["y"], time: "y") },
        "t.csv: column 'y' is named both as a target and as the time; name another."
      ),
      (
        { try build("x,y\n1,1\n", ["y"], features: []) },
        "t.csv: the list of features is empty; name at least one column."
      ),
      (
        { try build("x,y\n1,1\n", ["y"], horizon: -1) },
        "t.csv: the horizon is -1 rows; it must be 0 (the same row) or more."
      ),
      (
        { try build("x,y\n1,1\n", ["y"], fraction: 1) },
        "t.csv: the training fraction is 1.0; it must lie between 0 and 1, such as 0.75."
      ),
    ]
    for (body, expected) in cases { #expect(sentence { _ = try body() } == expected) }
    #expect(
      sentence { _ = try CSVTask(path: "/nowhere/t.csv", targets: ["y"]).load(seed: 1) }
        == "/nowhere/t.csv: cannot be opened: there is no such file or folder; check the path.")
  }

  /// Absurd but readable tables end in a task or a sentence.
  @Test func absurdTablesNeverTrap() {
    let texts = [
      "x,y\n1e308,-1e308\n-1e308,1e308\n1,2\n3,4\n5,6\n", "y\n1\n2\n", "y,x\n1,\n,\n,2\n3,\n4,4\n5,5\n",
      "x,y\n" + String(repeating: "1,nan\n", count: 5) + "2,3\n3,4\n",
    ]
    for text in texts {
      for horizon in [0, 1, 2, 50, Int.max] {
        for fraction in [1e-9, 0.3, 0.5, 0.999999] {
          for kind in [nil, .regression, .classification] as [CSVTask.Kind?] {
            for special in [nil, "x"] {
              _ = sentence {
                _ = try build(text, ["y"], time: special, kind: kind, horizon: horizon, fraction: fraction)
              }
              _ = sentence {
                _ = try build(text, ["y"], series: special, kind: kind, horizon: horizon, fraction: fraction)
              }
            }
          }
        }
      }
    }
  }
}
