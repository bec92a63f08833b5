import Tasks
import Testing

@Suite struct DigitImagesTests {
  @Test func split() throws {
    let images = try DigitImages.load()
    let (training, heldOut) = images.split()
    #expect(images.count == 1_797 && training.count == 1_437 && heldOut.count == 360)
    #expect(images.pixels.allSatisfy { (0...1).contains($0) } && images.pixels.contains(1))
    for digit in Int32(0)..<10 {
      let (all, part) = (images.digits.count { $0 == digit }, heldOut.digits.count { $0 == digit })
      #expect(training.digits.count { $0 == digit } + part == all)
      // A fifth of about 180, five deviations of √(180·0.2·0.8) off at most.
      #expect(abs(Double(part) - Double(all) / 5) < 27)
    }
    #expect(images.split().heldOut.pixels == heldOut.pixels)
  }

  @Test func questions() throws {
    let images = try DigitImages.load().images([0, 1, 6, 9])
    let questions = DigitQuestion.all
    #expect(questions.map(\.name) == ["digit", "parity", "above four", "loop", "rotated", "inverted", "shuffled"])
    func labels(_ index: Int) -> [Int32] { questions[index].examples(images).labels }
    let expected: [[Int32]] = [[0, 1, 6, 9], [0, 1, 0, 1], [0, 0, 1, 1], [1, 0, 1, 1]]
    #expect(expected == (0..<4).map { labels($0) })
    func image(_ index: Int) -> [Float] { Array(questions[index].examples(images).inputs[64..<128]) }
    let plain = image(0)
    #expect(plain == Array(images.pixels[64..<128]))
    #expect(image(1) == plain)
    // Turned clockwise: the first column, read upwards, is the first row.
    let left: [Float] = (0..<8).map { plain[(7 - $0) * 8] }
    let right: [Float] = (0..<8).map { plain[(7 - $0) * 8 + 7] }
    #expect(Array(image(4)[0..<8]) == left)
    #expect(Array(image(4)[56..<64]) == right)
    let inverted: [Float] = plain.map { 1 - $0 }
    #expect(image(5) == inverted)
    #expect(image(6) != plain)
    #expect(image(6).sorted() == plain.sorted())
    for question in questions {
      let labels = question.examples(images).labels
      #expect(labels.allSatisfy { (0..<Int32(question.classes)).contains($0) })
    }
  }
}
