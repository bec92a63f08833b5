/// Inputs of M numbers each, and to which of the first `classes` outputs each belongs.
package struct LabelledImages: Sendable {
  package let name: String
  package let classes: Int
  /// M numbers a sample.
  package let width: Int
  /// [sample][M]
  package let inputs: [Float]
  package let labels: [Int32]

  package var count: Int { labels.count }

  /// - Precondition: as many inputs as samples need, labels in 0 ..< classes.
  package init(name: String, classes: Int, width: Int, inputs: [Float], labels: [Int32]) {
    precondition(inputs.count == labels.count * width, "\(inputs.count) numbers are not \(labels.count) × \(width)")
    precondition(labels.allSatisfy { (0..<Int32(classes)).contains($0) }, "a label is none of \(classes) classes")
    (self.name, self.classes, self.width) = (name, classes, width)
    (self.inputs, self.labels) = (inputs, labels)
  }
}
