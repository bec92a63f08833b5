import Formats
import Randomness

/// The bundled handwritten digits as whole images of 8×8 pixels, 0…1, and seven questions about them that one network can be
/// asked. (`DigitsTask` reads the same images row by row.)
package struct DigitImages: Sendable {
  /// [image][row][column]
  package let pixels: [Float]
  /// 0…9
  package let digits: [Int32]

  package var count: Int { digits.count }
  package static let size = 64

  /// - Throws: ``FormatError`` where the bundled file is missing or damaged.
  package static func load() throws -> DigitImages {
    let table = try BundledTable.load("digits.csv", header: false)
    let columns = try (0...size).map { index in try table.completeNumbers(table.names[index]) }
    return DigitImages(
      pixels: (0..<table.rowCount).flatMap { row in (0..<size).map { Float(columns[$0][row] / 16) } },
      digits: columns[size].map { Int32($0) })
  }

  /// 1 437 images to learn from and 360 others, of 1 797: a random fifth is held out, as is usual with these data. The same
  /// for everybody: fixed by a seed of its own.
  package func split() -> (training: DigitImages, heldOut: DigitImages) {
    var generator = SeededGenerator(seed: 8)
    let order = generator.shuffled(0..<count)
    let held = (count + 4) / 5
    return (images(order[held...].sorted()), images(order[..<held].sorted()))
  }

  package func images(_ places: [Int]) -> DigitImages {
    DigitImages(
      pixels: places.flatMap { pixels[$0 * Self.size..<($0 + 1) * Self.size] }, digits: places.map { digits[$0] })
  }
}

/// A question about an image of a digit.
package struct DigitQuestion: Sendable {
  package let name: String
  /// One line for people.
  package let summary: String
  package let classes: Int
  private let transform: @Sendable (Int) -> Int
  private let isInverted: Bool
  private let label: @Sendable (Int32) -> Int32

  private init(
    _ name: String, _ summary: String, classes: Int = 10, transform: @escaping @Sendable (Int) -> Int = { $0 },
    isInverted: Bool = false, label: @escaping @Sendable (Int32) -> Int32 = { $0 }
  ) {
    (self.name, self.summary, self.classes) = (name, summary, classes)
    (self.transform, self.isInverted, self.label) = (transform, isInverted, label)
  }

  /// Which pixel stands where in `shuffled`: one order, drawn once.
  private static let shuffled: [Int] = {
    var generator = SeededGenerator(seed: 88)
    return generator.shuffled(0..<DigitImages.size)
  }()

  package static let all: [DigitQuestion] = [
    DigitQuestion("digit", "Which of ten digits"),
    DigitQuestion("parity", "Odd or even", classes: 2, label: { $0 % 2 }),
    DigitQuestion("above four", "Above four or not", classes: 2, label: { $0 > 4 ? 1 : 0 }),
    DigitQuestion(
      "loop", "Whether the digit contains a loop: 0, 6, 8 and 9 do", classes: 2,
      label: { [0, 6, 8, 9].contains($0) ? 1 : 0 }),
    // What stands at (row, column) was at (7 − column, row): a quarter turn clockwise.
    DigitQuestion(
      "rotated", "Which digit, turned by 90°", transform: { index in (7 - index % 8) * 8 + index / 8 }),
    DigitQuestion("inverted", "Which digit, dark and light exchanged", isInverted: true),
    DigitQuestion("shuffled", "Which digit, its pixels in another order", transform: { shuffled[$0] }),
  ]

  /// Pixels as the question shows them, [image][64], and the right answers.
  package func examples(_ images: DigitImages) -> (inputs: [Float], labels: [Int32]) {
    let order = (0..<DigitImages.size).map(transform)
    let inputs = (0..<images.count).flatMap { image in
      order.map { index in
        let pixel = images.pixels[image * DigitImages.size + index]
        return isInverted ? 1 - pixel : pixel
      }
    }
    return (inputs, images.digits.map(label))
  }
}
